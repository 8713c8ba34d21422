// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func addLoop(p *uint32, delta uint32) (failed uint32)
TEXT ·addLoop(SB), NOSPLIT, $0-20
	MOVD p+0(FP), R0
	MOVWU delta+8(FP), R1
	MOVD ZR, R4
again:
	LDAXRW (R0), R2 // acquire, and watch
	ADDW R1, R2, R2
	STLXRW R2, (R0), R3 // release; R3 is 0 if it has stored
	CBZW R3, done
	ADDW $1, R4, R4
	JMP again
done:
	MOVW R4, failed+16(FP)
	RET

// func addOne(p *uint32, delta uint32)
TEXT ·addOne(SB), NOSPLIT, $0-12
	MOVD p+0(FP), R0
	MOVWU delta+8(FP), R1
	LDADDALW R1, (R0), R2
	RET

// func storeAfterClear(p *uint32) (failed uint32)
TEXT ·storeAfterClear(SB), NOSPLIT, $0-12
	MOVD p+0(FP), R0
	MOVD $1, R2
	LDXRW (R0), R1
	CLREX
	STXRW R2, (R0), R3
	MOVW R3, failed+8(FP)
	RET

// func code() (loop, one unsafe.Pointer)
TEXT ·code(SB), NOSPLIT, $0-16
	MOVD $·addLoop(SB), R0
	MOVD R0, loop+0(FP)
	MOVD $·addOne(SB), R0
	MOVD R0, one+8(FP)
	RET
