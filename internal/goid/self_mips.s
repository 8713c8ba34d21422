// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func self(offset uintptr) (record uintptr, id uint64)
TEXT ·self(SB), NOSPLIT, $0-16
	MOVW offset+0(FP), R2
	MOVW g, R1
	MOVW R1, record+4(FP)
	ADDU R2, R1
	MOVW 0(R1), R2
	MOVW R2, id_hi+8(FP)
	MOVW 4(R1), R2
	MOVW R2, id_lo+12(FP)
	RET
