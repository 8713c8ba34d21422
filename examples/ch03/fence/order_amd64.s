// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// On amd64 a load is done before all that follows, and a store is seen after all that comes
// before. So these fences only have to stop the compiler, which every call of assembly does.

// func acquireFence()
TEXT ·acquireFence(SB), NOSPLIT, $0-0
	RET

// func releaseFence()
TEXT ·releaseFence(SB), NOSPLIT, $0-0
	RET

// func plainStore(word *uint32, v uint32)
TEXT ·plainStore(SB), NOSPLIT, $0-12
	MOVQ word+0(FP), AX
	MOVL v+8(FP), BX
	MOVL BX, (AX)
	RET

// func plainLoad(word *uint32) uint32
TEXT ·plainLoad(SB), NOSPLIT, $0-12
	MOVQ word+0(FP), AX
	MOVL (AX), BX
	MOVL BX, ret+8(FP)
	RET
