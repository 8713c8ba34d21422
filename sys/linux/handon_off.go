// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && (osync_nolinkname || go1.28)

package linux

import "sync/atomic"

// HandsOn reports whether [FutexWaitBitsetHandingOn], [FutexLockPIHandingOn] and
// [FutexLockPI2HandingOn] hand the processor on.
const HandsOn = false

// futexHandingOn leaves it to the scheduler's monitor to take the P.
func futexHandingOn(addr *atomic.Uint32, op, val uint32, t *Timespec, val3 uint32) error {
	return futexWait(addr, op, val, t, nil, val3)
}
