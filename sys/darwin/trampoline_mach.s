// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

#include "textflag.h"

// As in trampoline.s, for the calls of Mach.

TEXT libc_mach_thread_self_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_mach_thread_self(SB)
GLOBL ·machThreadSelfAddr(SB), RODATA, $8
DATA ·machThreadSelfAddr(SB)/8, $libc_mach_thread_self_trampoline<>(SB)

TEXT libc_mach_port_deallocate_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_mach_port_deallocate(SB)
GLOBL ·machPortDeallocateAddr(SB), RODATA, $8
DATA ·machPortDeallocateAddr(SB)/8, $libc_mach_port_deallocate_trampoline<>(SB)

TEXT libc_thread_policy_set_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_thread_policy_set(SB)
GLOBL ·threadPolicySetAddr(SB), RODATA, $8
DATA ·threadPolicySetAddr(SB)/8, $libc_thread_policy_set_trampoline<>(SB)

TEXT libc_thread_policy_get_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_thread_policy_get(SB)
GLOBL ·threadPolicyGetAddr(SB), RODATA, $8
DATA ·threadPolicyGetAddr(SB)/8, $libc_thread_policy_get_trampoline<>(SB)

TEXT libc_mach_continuous_time_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_mach_continuous_time(SB)
GLOBL ·machContinuousTimeAddr(SB), RODATA, $8
DATA ·machContinuousTimeAddr(SB)/8, $libc_mach_continuous_time_trampoline<>(SB)

TEXT libc_mach_wait_until_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_mach_wait_until(SB)
GLOBL ·machWaitUntilAddr(SB), RODATA, $8
DATA ·machWaitUntilAddr(SB)/8, $libc_mach_wait_until_trampoline<>(SB)
