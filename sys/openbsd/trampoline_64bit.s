// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build openbsd && !386 && !arm && !ppc64

#include "textflag.h"

// For each function of libc a jump to it, for the dynamic linker to fill in, and the address of that, for Go to
// call.

TEXT libc_futex_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_futex(SB)
GLOBL ·futexAddr(SB), RODATA, $8
DATA ·futexAddr(SB)/8, $libc_futex_trampoline<>(SB)

TEXT libc_getthrid_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_getthrid(SB)
GLOBL ·getthridAddr(SB), RODATA, $8
DATA ·getthridAddr(SB)/8, $libc_getthrid_trampoline<>(SB)

TEXT libc_getthrname_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_getthrname(SB)
GLOBL ·getthrnameAddr(SB), RODATA, $8
DATA ·getthrnameAddr(SB)/8, $libc_getthrname_trampoline<>(SB)

TEXT libc_setthrname_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_setthrname(SB)
GLOBL ·setthrnameAddr(SB), RODATA, $8
DATA ·setthrnameAddr(SB)/8, $libc_setthrname_trampoline<>(SB)

TEXT libc_sched_yield_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_sched_yield(SB)
GLOBL ·schedYieldAddr(SB), RODATA, $8
DATA ·schedYieldAddr(SB)/8, $libc_sched_yield_trampoline<>(SB)
