// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import "github.com/osync-go/osync/locks/park"

// Parked reports whether t sleeps until it gets a permit.
func (t *Thread) Parked() (sleeps bool) {
	park.WithQueue(&t.permit, func(q park.Queue) { sleeps = q.Front() != nil })
	return sleeps
}
