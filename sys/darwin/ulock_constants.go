// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

// Operations of the ulock calls: the low byte of op.
const (
	UL_COMPARE_AND_WAIT          = 1 // 4 bytes, the threads of this process
	UL_UNFAIR_LOCK               = 2 // 4 bytes that name their owner, who is lent the priority of the waiters
	UL_COMPARE_AND_WAIT_SHARED   = 3 // 4 bytes, the threads of all processes that map them; since macOS 10.15
	UL_COMPARE_AND_WAIT64        = 5 // 8 bytes; since macOS 10.15
	UL_COMPARE_AND_WAIT64_SHARED = 6 // 8 bytes, shared; since macOS 10.15
)

// Flags of the ulock calls, part of op too.
const (
	ULF_WAKE_ALL                   = 0x00000100 // wake: all waiters
	ULF_WAKE_THREAD                = 0x00000200 // wake: the thread whose Mach port the value is
	ULF_WAKE_ALLOW_NON_OWNER       = 0x00000400 // wake with UL_UNFAIR_LOCK: the caller need not be the owner
	ULF_WAIT_WORKQ_DATA_CONTENTION = 0x00010000 // wait: no new dispatch workers meanwhile
	ULF_WAIT_CANCEL_POINT          = 0x00020000 // wait: pthread_cancel acts here, so never from Go
	ULF_WAIT_ADAPTIVE_SPIN         = 0x00040000 // wait with UL_UNFAIR_LOCK: spin while the owner runs
	ULF_NO_ERRNO                   = 0x01000000 // libSystem returns the error in the result; in Go there is no difference
	ULF_DEADLINE                   = 0x02000000 // wait: the timeout is a deadline in ticks; since macOS 14.4
)
