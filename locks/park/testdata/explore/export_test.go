// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import "sync/atomic"

// SameBucket returns n words in one bucket. The first two are of one class, and so on.
func SameBucket(n int) []*atomic.Uint32 {
	together = nil
	for range n {
		together = append(together, new(atomic.Uint32))
	}
	return together
}
