// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func self(offset uintptr) (record uintptr, id uint64)
TEXT ·self(SB), NOSPLIT, $0-24
	MOVD offset+0(FP), R1
	MOVD g, R0
	MOVD R0, record+8(FP)
	MOVD (R0)(R1), R0
	MOVD R0, id+16(FP)
	RET
