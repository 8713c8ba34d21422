// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "go_asm.h"
#include "textflag.h"

// func addOrdered(p *guarded) bool
TEXT ·addOrdered(SB), NOSPLIT, $0-9
	MOVQ p+0(FP), AX
	MOVL $1, BX
	XCHGL BX, guarded_locked(AX) // acquire; LOCK is implied
	TESTL BX, BX
	JNZ held
	ADDQ $1, guarded_count(AX) // three steps: load, add, store
	MOVL $0, guarded_locked(AX) // release: stores stay in order
	MOVB $1, ret+8(FP)
	RET
held:
	MOVB $0, ret+8(FP)
	RET

// func addRelaxed(p *guarded) bool
TEXT ·addRelaxed(SB), NOSPLIT, $0-9
	JMP ·addOrdered(SB) // there is nothing weaker
