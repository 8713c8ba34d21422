// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

#include "textflag.h"

// sem_open(name, oflag, ...): Apple's arm64 convention wants mode and value on the stack, at SP.
TEXT libc_sem_open_trampoline<>(SB),NOSPLIT,$0-0
	SUB	$32, RSP
	MOVD	R30, 16(RSP)
	STP	(R2, R3), (RSP)
	BL	libc_sem_open(SB)
	MOVD	16(RSP), R30
	ADD	$32, RSP
	RET
GLOBL	·semOpenAddr(SB), RODATA, $8
DATA	·semOpenAddr(SB)/8, $libc_sem_open_trampoline<>(SB)
