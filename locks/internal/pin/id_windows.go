// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pin

import "github.com/osync-go/osync/sys/windows"

// self returns the id of the calling thread.
func self() uint64 {
	id, _ := windows.GetCurrentThreadId() // cannot fail: every Windows has it
	return uint64(id)
}
