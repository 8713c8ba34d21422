// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

// Sleepers returns how many threads sleep in the table of conditions.
func Sleepers() int {
	n := 0
	for i := range buckets() {
		n += int(buckets()[i].waiters.Load())
	}
	return n
}
