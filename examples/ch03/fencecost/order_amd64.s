// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func plainStores(word *uint32, n int)
TEXT ·plainStores(SB), NOSPLIT, $0-16
	MOVQ word+0(FP), AX
	MOVQ n+8(FP), BX
	MOVL $1, CX
loop:
	MOVL CX, (AX)
	DECQ BX
	JNZ loop
	RET

// func storesSFENCE(word *uint32, n int)
TEXT ·storesSFENCE(SB), NOSPLIT, $0-16
	MOVQ word+0(FP), AX
	MOVQ n+8(FP), BX
	MOVL $1, CX
loop:
	MOVL CX, (AX)
	SFENCE
	DECQ BX
	JNZ loop
	RET

// func storesLFENCE(word *uint32, n int)
TEXT ·storesLFENCE(SB), NOSPLIT, $0-16
	MOVQ word+0(FP), AX
	MOVQ n+8(FP), BX
	MOVL $1, CX
loop:
	MOVL CX, (AX)
	LFENCE
	DECQ BX
	JNZ loop
	RET

// func storesMFENCE(word *uint32, n int)
TEXT ·storesMFENCE(SB), NOSPLIT, $0-16
	MOVQ word+0(FP), AX
	MOVQ n+8(FP), BX
	MOVL $1, CX
loop:
	MOVL CX, (AX)
	MFENCE
	DECQ BX
	JNZ loop
	RET

// func storesLOCK(word *uint32, n int)
TEXT ·storesLOCK(SB), NOSPLIT, $0-16
	MOVQ word+0(FP), AX
	MOVQ n+8(FP), BX
	MOVL $1, CX
loop:
	MOVL CX, (AX)
	LOCK
	ADDL $0, 0(SP)
	DECQ BX
	JNZ loop
	RET

// func exchanges(word *uint32, n int)
TEXT ·exchanges(SB), NOSPLIT, $0-16
	MOVQ word+0(FP), AX
	MOVQ n+8(FP), BX
	MOVL $1, CX
loop:
	MOVL CX, DX
	XCHGL DX, (AX)
	DECQ BX
	JNZ loop
	RET
