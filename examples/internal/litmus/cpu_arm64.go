// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package litmus

import (
	"errors"
	"fmt"
	"time"
)

// CheckCPU tells whether this CPU keeps a promise of arm64 on which Go's atomics rest: that the
// store of STLR is seen before a later LDAR of the same thread loads. No real CPU is known to
// break it; QEMU 7.2 does on amd64, where it puts no fence between the two. The error wraps
// [errors.ErrUnsupported].
//
// It is for a program that has just seen what cannot be, to say whether that is Go's fault.
func CheckCPU() error {
	var x, y, a, b [Batch]Word
	both := 0
	runs := Run(2_000_000, time.Second, func(i int) {
		if a[i].V == 0 && b[i].V == 0 {
			both++
		}
	}, Thread{
		Prepare: func(i int) { y[i].V = 0 },
		Run:     func(i int) { a[i].V = storeReleaseLoadAcquire(&x[i].V, &y[i].V) },
	}, Thread{
		Prepare: func(i int) { x[i].V = 0 },
		Run:     func(i int) { b[i].V = storeReleaseLoadAcquire(&y[i].V, &x[i].V) },
	})
	if both > 0 {
		return fmt.Errorf("this CPU, an emulated one surely, does LDAR before an earlier STLR is seen (%d of %d runs), so Go's atomics have no order on it: %w",
			both, runs, errors.ErrUnsupported)
	}
	return nil
}

// storeReleaseLoadAcquire stores 1 by STLR, and loads by LDAR.
func storeReleaseLoadAcquire(store, load *uint32) uint32
