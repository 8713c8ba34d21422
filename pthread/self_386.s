// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

#include "textflag.h"

// func self() uintptr
TEXT ·self(SB), NOSPLIT, $0-4
	BYTE $0x65; BYTE $0xA1; LONG $0 // MOVL GS:0, AX
	MOVL AX, ret+0(FP)
	RET
