// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func self(offset uintptr) (record uintptr, id uint64)
TEXT ·self(SB), NOSPLIT, $0-24
	MOVV offset+0(FP), R5
	MOVV g, R4
	MOVV R4, record+8(FP)
	ADDV R5, R4
	MOVV (R4), R4
	MOVV R4, id+16(FP)
	RET
