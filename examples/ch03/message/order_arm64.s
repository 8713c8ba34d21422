// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func storeStore(first, second *uint32)
TEXT ·storeStore(SB), NOSPLIT, $0-16
	MOVD first+0(FP), R0
	MOVD second+8(FP), R1
	MOVW $1, R2
	MOVW R2, (R0)
	MOVW R2, (R1)
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

// func storeRelease(first, second *uint32)
TEXT ·storeRelease(SB), NOSPLIT, $0-16
	MOVD first+0(FP), R0
	MOVD second+8(FP), R1
	MOVW $1, R2
	MOVW R2, (R0)
	STLRW R2, (R1) // all before it is seen before it
	RET

// func acquireLoad(first, second *uint32) (f, s uint32)
TEXT ·acquireLoad(SB), NOSPLIT, $0-24
	MOVD first+0(FP), R0
	MOVD second+8(FP), R1
	LDARW (R0), R2 // all after it is done after it
	MOVWU (R1), R3
	MOVW R2, f+16(FP)
	MOVW R3, s+20(FP)
	RET

// func storeFenceStore(first, second *uint32)
TEXT ·storeFenceStore(SB), NOSPLIT, $0-16
	MOVD first+0(FP), R0
	MOVD second+8(FP), R1
	MOVW $1, R2
	MOVW R2, (R0)
	DMB $0xA // ISHST: stores before, stores after
	MOVW R2, (R1)
	RET

// func loadFenceLoad(first, second *uint32) (f, s uint32)
TEXT ·loadFenceLoad(SB), NOSPLIT, $0-24
	MOVD first+0(FP), R0
	MOVD second+8(FP), R1
	MOVWU (R0), R2
	DMB $0x9 // ISHLD: loads before, everything after
	MOVWU (R1), R3
	MOVW R2, f+16(FP)
	MOVW R3, s+20(FP)
	RET
