// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func self(offset uintptr) (record uintptr, id uint64)
TEXT ·self(SB), NOSPLIT, $0-24
	MOV offset+0(FP), X6
	MOV g, X5
	MOV X5, record+8(FP)
	ADD X6, X5
	MOV (X5), X5
	MOV X5, id+16(FP)
	RET
