// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !osync_nolinkname && !go1.28 && ((darwin && !ios) || (linux && !android) || ((freebsd || netbsd) && (cgo || osync_purego)))

#include "go_asm.h"
#include "textflag.h"

GLOBL ·callC(SB), NOPTR|RODATA, $8
DATA ·callC(SB)/8, $callC<>(SB)

// void callC(struct frame *frame), called on a system stack, which C's calling convention wants
// aligned to 16 bytes: with the return address and BP, 16 bytes more keep it so.
TEXT callC<>(SB), NOSPLIT, $16
	MOVQ DI, 8(SP)
	MOVQ DI, R10
	MOVQ frame_fn(R10), R11
	MOVQ frame_args+0(R10), DI
	MOVQ frame_args+8(R10), SI
	MOVQ frame_args+16(R10), DX
	MOVQ frame_args+24(R10), CX
	XORL AX, AX // no floating-point arguments
	CALL R11
	MOVQ 8(SP), R10
	MOVQ AX, frame_result(R10)
	MOVQ frame_errnoAt(R10), R11
	TESTQ R11, R11
	JZ   done
	CALL R11 // int *errnoAt(void)
	MOVQ 8(SP), R10
	MOVL (AX), AX
	MOVL AX, frame_errno(R10)
done:
	XORL AX, AX
	RET
