// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux && mips

package linux

import (
	"structs"
	"sync/atomic"
)

// A FutexWaiter is one word of [FutexWaitv] or [Futex2Requeue]. It is struct futex_waitv.
//
// The kernel's address field has 64 bits everywhere. Here it is a Go pointer, so that the
// garbage collector sees it, with padding around it on 32-bit systems.
type FutexWaiter struct {
	_        structs.HostLayout
	Val      uint64 // the value at which to sleep
	pad      uint32
	Addr     *atomic.Uint32 // the word
	Flags    uint32         // FUTEX2_SIZE_U32, and FUTEX2_PRIVATE unless another process maps the word
	reserved uint32
}
