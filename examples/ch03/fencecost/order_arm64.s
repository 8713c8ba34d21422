// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func plainStores(word *uint32, n int)
TEXT ·plainStores(SB), NOSPLIT, $0-16
	MOVD word+0(FP), R0
	MOVD n+8(FP), R1
	MOVW $1, R2
loop:
	MOVW R2, (R0)
	SUB $1, R1
	CBNZ R1, loop
	RET

// func storesISHST(word *uint32, n int)
TEXT ·storesISHST(SB), NOSPLIT, $0-16
	MOVD word+0(FP), R0
	MOVD n+8(FP), R1
	MOVW $1, R2
loop:
	MOVW R2, (R0)
	DMB $0xA
	SUB $1, R1
	CBNZ R1, loop
	RET

// func storesISHLD(word *uint32, n int)
TEXT ·storesISHLD(SB), NOSPLIT, $0-16
	MOVD word+0(FP), R0
	MOVD n+8(FP), R1
	MOVW $1, R2
loop:
	MOVW R2, (R0)
	DMB $0x9
	SUB $1, R1
	CBNZ R1, loop
	RET

// func storesISH(word *uint32, n int)
TEXT ·storesISH(SB), NOSPLIT, $0-16
	MOVD word+0(FP), R0
	MOVD n+8(FP), R1
	MOVW $1, R2
loop:
	MOVW R2, (R0)
	DMB $0xB
	SUB $1, R1
	CBNZ R1, loop
	RET

// func releases(word *uint32, n int)
TEXT ·releases(SB), NOSPLIT, $0-16
	MOVD word+0(FP), R0
	MOVD n+8(FP), R1
	MOVW $1, R2
loop:
	STLRW R2, (R0)
	SUB $1, R1
	CBNZ R1, loop
	RET
