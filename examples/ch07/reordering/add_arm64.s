// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "go_asm.h"
#include "textflag.h"

// func addOrdered(p *guarded) bool
TEXT ·addOrdered(SB), NOSPLIT, $0-9
	MOVD p+0(FP), R0
	ADD $guarded_locked, R0, R1
	MOVD $1, R2
again:
	LDAXRW (R1), R3 // acquire
	CBNZW R3, held
	STXRW R2, (R1), R3
	CBNZW R3, again
	MOVD guarded_count(R0), R4
	ADD $1, R4, R4
	MOVD R4, guarded_count(R0)
	STLRW ZR, (R1) // release
	MOVB R2, ret+8(FP)
	RET
held:
	MOVB ZR, ret+8(FP)
	RET

// func addRelaxed(p *guarded) bool
TEXT ·addRelaxed(SB), NOSPLIT, $0-9
	MOVD p+0(FP), R0
	ADD $guarded_locked, R0, R1
	MOVD $1, R2
again:
	LDXRW (R1), R3 // relaxed
	CBNZW R3, held
	STXRW R2, (R1), R3
	CBNZW R3, again
	MOVD guarded_count(R0), R4
	ADD $1, R4, R4
	MOVD R4, guarded_count(R0)
	MOVW ZR, (R1) // relaxed
	MOVB R2, ret+8(FP)
	RET
held:
	MOVB ZR, ret+8(FP)
	RET
