// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin && !ios && !osync_noulock

#include "textflag.h"

// As in trampoline.s, for the functions that are private to Apple.

TEXT libc_ulock_wait_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_ulock_wait(SB)
GLOBL ·ulockWaitAddr(SB), RODATA, $8
DATA ·ulockWaitAddr(SB)/8, $libc_ulock_wait_trampoline<>(SB)

TEXT libc_ulock_wait2_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_ulock_wait2(SB)
GLOBL ·ulockWait2Addr(SB), RODATA, $8
DATA ·ulockWait2Addr(SB)/8, $libc_ulock_wait2_trampoline<>(SB)

TEXT libc_ulock_wake_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_ulock_wake(SB)
GLOBL ·ulockWakeAddr(SB), RODATA, $8
DATA ·ulockWakeAddr(SB)/8, $libc_ulock_wake_trampoline<>(SB)
