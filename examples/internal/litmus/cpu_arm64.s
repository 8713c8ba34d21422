// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func storeReleaseLoadAcquire(store, load *uint32) uint32
TEXT ·storeReleaseLoadAcquire(SB), NOSPLIT, $0-20
	MOVD store+0(FP), R0
	MOVD load+8(FP), R1
	MOVW $1, R2
	STLRW R2, (R0)
	LDARW (R1), R3
	MOVW R3, ret+16(FP)
	RET
