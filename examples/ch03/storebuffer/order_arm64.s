// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

// func storeThenLoad(store, load *uint32) uint32
TEXT ·storeThenLoad(SB), NOSPLIT, $0-20
	MOVD store+0(FP), R0
	MOVD load+8(FP), R1
	MOVW $1, R2
	MOVW R2, (R0)
	MOVWU (R1), R3 // may be done first
	MOVW R3, ret+16(FP)
	RET

// func storeFenceLoad(store, load *uint32) uint32
TEXT ·storeFenceLoad(SB), NOSPLIT, $0-20
	MOVD store+0(FP), R0
	MOVD load+8(FP), R1
	MOVW $1, R2
	MOVW R2, (R0)
	DMB $0xB // ISH: all before, all after, for all CPUs of the system
	MOVWU (R1), R3
	MOVW R3, ret+16(FP)
	RET
