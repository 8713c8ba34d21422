// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build openbsd

package openbsd

// The operations of futex(2) and their flag, as in sys/sys/futex.h. The functions of this package use the operations;
// they are here for code that makes the call itself.
const (
	FUTEX_WAIT    = 1
	FUTEX_WAKE    = 2
	FUTEX_REQUEUE = 3

	// FUTEX_PRIVATE_FLAG says that the word is used by the threads of one process only. It is part of the word's
	// identity: a wake without the flag does not find a private waiter, nor the reverse. Since OpenBSD 6.4.
	FUTEX_PRIVATE_FLAG = 0x80

	FUTEX_WAIT_PRIVATE    = FUTEX_WAIT | FUTEX_PRIVATE_FLAG
	FUTEX_WAKE_PRIVATE    = FUTEX_WAKE | FUTEX_PRIVATE_FLAG
	FUTEX_REQUEUE_PRIVATE = FUTEX_REQUEUE | FUTEX_PRIVATE_FLAG
)

// The parts of the second argument of futex(2).
const (
	FUTEX_OP_MASK   = 0x007f
	FUTEX_FLAG_MASK = 0xff80
)

// MAXCOMLEN is the longest name of a thread, in bytes without the zero byte, as in sys/sys/param.h.
const MAXCOMLEN = 23
