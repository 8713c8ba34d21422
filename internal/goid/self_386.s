// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func self(offset uintptr) (record uintptr, id uint64)
TEXT ·self(SB), NOSPLIT, $0-16
	MOVL (TLS), AX
	MOVL AX, record+4(FP)
	ADDL offset+0(FP), AX
	MOVL 0(AX), CX
	MOVL CX, id_lo+8(FP)
	MOVL 4(AX), CX
	MOVL CX, id_hi+12(FP)
	RET
