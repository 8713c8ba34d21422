// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func self(offset uintptr) (record uintptr, id uint64)
TEXT ·self(SB), NOSPLIT, $0-24
	MOVD g, record+8(FP)
	MOVD offset+0(FP), R1
	Get g
	Get R1
	I64Add
	I32WrapI64
	I64Load $0
	Set R0
	MOVD R0, id+16(FP)
	RET
