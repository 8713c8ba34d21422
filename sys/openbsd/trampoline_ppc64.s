// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build openbsd

#include "textflag.h"

// For each function of libc a call of it, for the dynamic linker to fill in, and the address of that, for Go to
// call.

TEXT libc_futex_trampoline<>(SB),NOSPLIT,$0-0
	CALL libc_futex(SB)
	RET
GLOBL ·futexAddr(SB), RODATA, $8
DATA ·futexAddr(SB)/8, $libc_futex_trampoline<>(SB)

TEXT libc_getthrid_trampoline<>(SB),NOSPLIT,$0-0
	CALL libc_getthrid(SB)
	RET
GLOBL ·getthridAddr(SB), RODATA, $8
DATA ·getthridAddr(SB)/8, $libc_getthrid_trampoline<>(SB)

TEXT libc_getthrname_trampoline<>(SB),NOSPLIT,$0-0
	CALL libc_getthrname(SB)
	RET
GLOBL ·getthrnameAddr(SB), RODATA, $8
DATA ·getthrnameAddr(SB)/8, $libc_getthrname_trampoline<>(SB)

TEXT libc_setthrname_trampoline<>(SB),NOSPLIT,$0-0
	CALL libc_setthrname(SB)
	RET
GLOBL ·setthrnameAddr(SB), RODATA, $8
DATA ·setthrnameAddr(SB)/8, $libc_setthrname_trampoline<>(SB)

TEXT libc_sched_yield_trampoline<>(SB),NOSPLIT,$0-0
	CALL libc_sched_yield(SB)
	RET
GLOBL ·schedYieldAddr(SB), RODATA, $8
DATA ·schedYieldAddr(SB)/8, $libc_sched_yield_trampoline<>(SB)
