// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func storeWord(word *uint32, v uint32)
TEXT ·storeWord(SB), NOSPLIT, $0-12
	MOVQ word+0(FP), AX
	MOVL v+8(FP), BX
	MOVL BX, (AX)
	RET

// func loadWord(word *uint32) uint32
TEXT ·loadWord(SB), NOSPLIT, $0-12
	MOVQ word+0(FP), AX
	MOVL (AX), BX
	MOVL BX, ret+8(FP)
	RET

// func fullFence()
TEXT ·fullFence(SB), NOSPLIT, $0-0
	MFENCE
	RET
