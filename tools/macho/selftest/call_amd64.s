// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

#include "textflag.h"

// amd64 passes variadic arguments in registers like any other.
TEXT libc_sem_open_trampoline<>(SB),NOSPLIT,$0-0
	JMP	libc_sem_open(SB)
GLOBL	·semOpenAddr(SB), RODATA, $8
DATA	·semOpenAddr(SB)/8, $libc_sem_open_trampoline<>(SB)
