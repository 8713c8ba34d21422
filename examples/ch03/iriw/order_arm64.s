// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func storeOne(word *uint32)
TEXT ·storeOne(SB), NOSPLIT, $0-8
	MOVD word+0(FP), R0
	MOVW $1, R1
	MOVW R1, (R0)
	RET

// func loadLoad(first, second *uint32) (f, s uint32)
TEXT ·loadLoad(SB), NOSPLIT, $0-24
	MOVD first+0(FP), R0
	MOVD second+8(FP), R1
	MOVWU (R0), R2
	MOVWU (R1), R3
	MOVW R2, f+16(FP)
	MOVW R3, s+20(FP)
	RET

// func acquireAcquire(first, second *uint32) (f, s uint32)
TEXT ·acquireAcquire(SB), NOSPLIT, $0-24
	MOVD first+0(FP), R0
	MOVD second+8(FP), R1
	LDARW (R0), R2
	LDARW (R1), R3
	MOVW R2, f+16(FP)
	MOVW R3, s+20(FP)
	RET
