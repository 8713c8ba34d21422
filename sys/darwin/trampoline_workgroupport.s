// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin && !ios

#include "textflag.h"

// As in trampoline.s, for the functions that are private to Apple on iOS.

TEXT libc_os_workgroup_copy_port_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_workgroup_copy_port(SB)
GLOBL ·osWorkgroupCopyPortAddr(SB), RODATA, $8
DATA ·osWorkgroupCopyPortAddr(SB)/8, $libc_os_workgroup_copy_port_trampoline<>(SB)

TEXT libc_os_workgroup_create_with_port_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_workgroup_create_with_port(SB)
GLOBL ·osWorkgroupCreateWithPortAddr(SB), RODATA, $8
DATA ·osWorkgroupCreateWithPortAddr(SB)/8, $libc_os_workgroup_create_with_port_trampoline<>(SB)
