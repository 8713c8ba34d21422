// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func plainStore(word *uint32, v uint32)
TEXT ·plainStore(SB), NOSPLIT, $0-12
	MOVQ word+0(FP), AX
	MOVL v+8(FP), BX
	MOVL BX, (AX)
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
