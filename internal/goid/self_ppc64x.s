// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build ppc64 || ppc64le

#include "textflag.h"

// func self(offset uintptr) (record uintptr, id uint64)
TEXT ·self(SB), NOSPLIT, $0-24
	MOVD offset+0(FP), R4
	MOVD g, R3
	MOVD R3, record+8(FP)
	MOVD (R3)(R4), R3
	MOVD R3, id+16(FP)
	RET
