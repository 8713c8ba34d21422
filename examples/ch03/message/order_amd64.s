// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func storeStore(first, second *uint32)
TEXT ·storeStore(SB), NOSPLIT, $0-16
	MOVQ first+0(FP), AX
	MOVQ second+8(FP), BX
	MOVL $1, (AX)
	MOVL $1, (BX)
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
