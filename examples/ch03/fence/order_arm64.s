// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func acquireFence()
TEXT ·acquireFence(SB), NOSPLIT, $0-0
	DMB $0x9 // ISHLD: loads before, everything after
	RET

// func releaseFence()
TEXT ·releaseFence(SB), NOSPLIT, $0-0
	DMB $0xB // ISH: everything before, everything after; there is none for less that includes loads
	RET

// func plainStore(word *uint32, v uint32)
TEXT ·plainStore(SB), NOSPLIT, $0-12
	MOVD word+0(FP), R0
	MOVWU v+8(FP), R1
	MOVW R1, (R0)
	RET

// func plainLoad(word *uint32) uint32
TEXT ·plainLoad(SB), NOSPLIT, $0-12
	MOVD word+0(FP), R0
	MOVWU (R0), R1
	MOVW R1, ret+8(FP)
	RET
