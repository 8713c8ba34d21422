// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func storeWord(word *uint32, v uint32)
TEXT ·storeWord(SB), NOSPLIT, $0-12
	MOVD word+0(FP), R0
	MOVWU v+8(FP), R1
	MOVW R1, (R0)
	RET

// func loadWord(word *uint32) uint32
TEXT ·loadWord(SB), NOSPLIT, $0-12
	MOVD word+0(FP), R0
	MOVWU (R0), R1
	MOVW R1, ret+8(FP)
	RET

// func fullFence()
TEXT ·fullFence(SB), NOSPLIT, $0-0
	DMB $0xB // ISH
	RET
