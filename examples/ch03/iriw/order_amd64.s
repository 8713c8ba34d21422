// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func storeOne(word *uint32)
TEXT ·storeOne(SB), NOSPLIT, $0-8
	MOVQ word+0(FP), AX
	MOVL $1, (AX)
	RET

// func loadLoad(first, second *uint32) (f, s uint32)
TEXT ·loadLoad(SB), NOSPLIT, $0-24
	MOVQ first+0(FP), AX
	MOVQ second+8(FP), BX
	MOVL (AX), CX
	MOVL (BX), DX
	MOVL CX, f+16(FP)
	MOVL DX, s+20(FP)
	RET
