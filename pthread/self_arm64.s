// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || freebsd

#include "textflag.h"

// func block() uintptr
TEXT ·block(SB), NOSPLIT, $0-8
	WORD $0xD53BD040 // MRS TPIDR_EL0, R0
	MOVD R0, ret+0(FP)
	RET

GLOBL ·selfDestructor(SB), NOPTR|RODATA, $8
DATA ·selfDestructor(SB)/8, $ended<>(SB)

// void ended(uint32_t *at), which C calls, on a stack of C's.
TEXT ended<>(SB), NOSPLIT|NOFRAME, $0
	MOVD $1, R1
	MOVW R1, (R0)
	RET
