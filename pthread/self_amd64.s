// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || freebsd

#include "textflag.h"

// func block() uintptr
TEXT ·block(SB), NOSPLIT, $0-8
	BYTE $0x64; BYTE $0x48; BYTE $0x8B; BYTE $0x04; BYTE $0x25; LONG $0 // MOVQ FS:0, AX
	MOVQ AX, ret+0(FP)
	RET

GLOBL ·selfDestructor(SB), NOPTR|RODATA, $8
DATA ·selfDestructor(SB)/8, $ended<>(SB)

// void ended(uint32_t *at), which C calls, on a stack of C's.
TEXT ended<>(SB), NOSPLIT|NOFRAME, $0
	MOVL $1, (DI)
	RET
