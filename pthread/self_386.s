// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

#include "textflag.h"

// func block() uintptr
TEXT ·block(SB), NOSPLIT, $0-4
	BYTE $0x65; BYTE $0xA1; LONG $0 // MOVL GS:0, AX
	MOVL AX, ret+0(FP)
	RET

GLOBL ·selfDestructor(SB), NOPTR|RODATA, $4
DATA ·selfDestructor(SB)/4, $ended<>(SB)

// void ended(uint32_t *at), which C calls, on a stack of C's.
TEXT ended<>(SB), NOSPLIT|NOFRAME, $0
	MOVL 4(SP), AX
	MOVL $1, (AX)
	RET
