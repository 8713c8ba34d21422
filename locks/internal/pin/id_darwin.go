// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pin

import "github.com/osync-go/osync/sys/darwin"

// self returns the id of the calling thread. The pthread_t would be cheaper, but a new
// thread may have that of one that has ended.
func self() uint64 {
	id, _ := darwin.PthreadThreadidNp(0) // cannot fail: the calling thread has not ended
	return id
}
