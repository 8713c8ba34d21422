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

TEXT libc_semaphore_create_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_semaphore_create(SB)
GLOBL ·semaphoreCreateAddr(SB), RODATA, $8
DATA ·semaphoreCreateAddr(SB)/8, $libc_semaphore_create_trampoline<>(SB)

TEXT libc_semaphore_destroy_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_semaphore_destroy(SB)
GLOBL ·semaphoreDestroyAddr(SB), RODATA, $8
DATA ·semaphoreDestroyAddr(SB)/8, $libc_semaphore_destroy_trampoline<>(SB)

TEXT libc_semaphore_signal_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_semaphore_signal(SB)
GLOBL ·semaphoreSignalAddr(SB), RODATA, $8
DATA ·semaphoreSignalAddr(SB)/8, $libc_semaphore_signal_trampoline<>(SB)

TEXT libc_semaphore_signal_all_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_semaphore_signal_all(SB)
GLOBL ·semaphoreSignalAllAddr(SB), RODATA, $8
DATA ·semaphoreSignalAllAddr(SB)/8, $libc_semaphore_signal_all_trampoline<>(SB)

TEXT libc_semaphore_signal_thread_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_semaphore_signal_thread(SB)
GLOBL ·semaphoreSignalThreadAddr(SB), RODATA, $8
DATA ·semaphoreSignalThreadAddr(SB)/8, $libc_semaphore_signal_thread_trampoline<>(SB)

TEXT libc_semaphore_wait_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_semaphore_wait(SB)
GLOBL ·semaphoreWaitAddr(SB), RODATA, $8
DATA ·semaphoreWaitAddr(SB)/8, $libc_semaphore_wait_trampoline<>(SB)

TEXT libc_semaphore_timedwait_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_semaphore_timedwait(SB)
GLOBL ·semaphoreTimedwaitAddr(SB), RODATA, $8
DATA ·semaphoreTimedwaitAddr(SB)/8, $libc_semaphore_timedwait_trampoline<>(SB)

TEXT libc_semaphore_wait_signal_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_semaphore_wait_signal(SB)
GLOBL ·semaphoreWaitSignalAddr(SB), RODATA, $8
DATA ·semaphoreWaitSignalAddr(SB)/8, $libc_semaphore_wait_signal_trampoline<>(SB)

TEXT libc_semaphore_timedwait_signal_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_semaphore_timedwait_signal(SB)
GLOBL ·semaphoreTimedwaitSignalAddr(SB), RODATA, $8
DATA ·semaphoreTimedwaitSignalAddr(SB)/8, $libc_semaphore_timedwait_signal_trampoline<>(SB)

TEXT libc_mach_continuous_time_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_mach_continuous_time(SB)
GLOBL ·machContinuousTimeAddr(SB), RODATA, $8
DATA ·machContinuousTimeAddr(SB)/8, $libc_mach_continuous_time_trampoline<>(SB)

TEXT libc_mach_wait_until_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_mach_wait_until(SB)
GLOBL ·machWaitUntilAddr(SB), RODATA, $8
DATA ·machWaitUntilAddr(SB)/8, $libc_mach_wait_until_trampoline<>(SB)
