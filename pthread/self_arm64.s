// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || freebsd

#include "textflag.h"

// func self() uintptr
TEXT ·self(SB), NOSPLIT, $0-8
	WORD $0xD53BD040 // MRS TPIDR_EL0, R0
	MOVD R0, ret+0(FP)
	RET
