// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

// MaxThreads is the maximum number of goroutines and timers of an execution.
const MaxThreads = 32

// A clock is a vector clock: for each thread, the number of its steps that come before.
type clock [MaxThreads]uint32

// join sets c to the later of c and d, for the first n threads.
func (c *clock) join(d *clock, n int) {
	for i := range n {
		if d[i] > c[i] {
			c[i] = d[i]
		}
	}
}

// A set is a set of threads.
type set uint32

func (s set) has(id int) bool { return s>>id&1 != 0 }
func only(id int) set         { return 1 << id }
