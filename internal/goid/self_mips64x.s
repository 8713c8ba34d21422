// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build mips64 || mips64le

#include "textflag.h"

// func self(offset uintptr) (record uintptr, id uint64)
TEXT ·self(SB), NOSPLIT, $0-24
	MOVV offset+0(FP), R2
	MOVV g, R1
	MOVV R1, record+8(FP)
	ADDVU R2, R1
	MOVV (R1), R1
	MOVV R1, id+16(FP)
	RET
