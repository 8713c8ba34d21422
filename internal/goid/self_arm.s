// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func self(offset uintptr) (record uintptr, id uint64)
TEXT ·self(SB), NOSPLIT, $0-16
	MOVW offset+0(FP), R1
	MOVW g, R0
	MOVW R0, record+4(FP)
	ADD R1, R0
	MOVW 0(R0), R1
	MOVW R1, id_lo+8(FP)
	MOVW 4(R0), R1
	MOVW R1, id_hi+12(FP)
	RET
