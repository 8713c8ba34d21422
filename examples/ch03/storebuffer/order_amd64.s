// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func storeThenLoad(store, load *uint32) uint32
TEXT ·storeThenLoad(SB), NOSPLIT, $0-20
	MOVQ store+0(FP), AX
	MOVQ load+8(FP), BX
	MOVL $1, (AX)
	MOVL (BX), CX // may be done first
	MOVL CX, ret+16(FP)
	RET

// func storeFenceLoad(store, load *uint32) uint32
TEXT ·storeFenceLoad(SB), NOSPLIT, $0-20
	MOVQ store+0(FP), AX
	MOVQ load+8(FP), BX
	MOVL $1, (AX)
	MFENCE
	MOVL (BX), CX
	MOVL CX, ret+16(FP)
	RET
