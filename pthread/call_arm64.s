// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !osync_nolinkname && !go1.28 && ((darwin && !ios) || (linux && !android) || ((freebsd || netbsd) && (cgo || osync_purego)))

#include "go_asm.h"
#include "textflag.h"

GLOBL ·callC(SB), NOPTR|RODATA, $8
DATA ·callC(SB)/8, $callC<>(SB)

// void callC(struct frame *frame), called on a system stack.
TEXT callC<>(SB), NOSPLIT, $16
	MOVD R0, 8(RSP)
	MOVD R0, R9
	MOVD frame_fn(R9), R10
	MOVD (frame_args+0)(R9), R0
	MOVD (frame_args+8)(R9), R1
	MOVD (frame_args+16)(R9), R2
	MOVD (frame_args+24)(R9), R3
	BL   (R10)
	MOVD 8(RSP), R9
	MOVD R0, frame_result(R9)
	MOVD frame_errnoAt(R9), R10
	CBZ  R10, done
	BL   (R10) // int *errnoAt(void)
	MOVD 8(RSP), R9
	MOVW (R0), R0
	MOVW R0, frame_errno(R9)
done:
	MOVD $0, R0
	RET
