// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func self(offset uintptr) (record uintptr, id uint64)
TEXT ·self(SB), NOSPLIT, $0-24
	MOVQ offset+0(FP), CX
	MOVQ (TLS), AX
	MOVQ AX, record+8(FP)
	ADDQ CX, AX
	MOVQ (AX), AX
	MOVQ AX, id+16(FP)
	RET
