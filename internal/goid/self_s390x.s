// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func self(offset uintptr) (record uintptr, id uint64)
TEXT ·self(SB), NOSPLIT, $0-24
	MOVD offset+0(FP), R1
	MOVD g, R2
	MOVD R2, record+8(FP)
	MOVD (R2)(R1*1), R2
	MOVD R2, id+16(FP)
	RET
