// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

#include "textflag.h"

// As in trampoline.s, for the calls of libdispatch.

TEXT libc_dispatch_semaphore_create_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_dispatch_semaphore_create(SB)
GLOBL ·dispatchSemaphoreCreateAddr(SB), RODATA, $8
DATA ·dispatchSemaphoreCreateAddr(SB)/8, $libc_dispatch_semaphore_create_trampoline<>(SB)

TEXT libc_dispatch_semaphore_wait_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_dispatch_semaphore_wait(SB)
GLOBL ·dispatchSemaphoreWaitAddr(SB), RODATA, $8
DATA ·dispatchSemaphoreWaitAddr(SB)/8, $libc_dispatch_semaphore_wait_trampoline<>(SB)

TEXT libc_dispatch_semaphore_signal_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_dispatch_semaphore_signal(SB)
GLOBL ·dispatchSemaphoreSignalAddr(SB), RODATA, $8
DATA ·dispatchSemaphoreSignalAddr(SB)/8, $libc_dispatch_semaphore_signal_trampoline<>(SB)

TEXT libc_dispatch_release_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_dispatch_release(SB)
GLOBL ·dispatchReleaseAddr(SB), RODATA, $8
DATA ·dispatchReleaseAddr(SB)/8, $libc_dispatch_release_trampoline<>(SB)

TEXT libc_dispatch_time_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_dispatch_time(SB)
GLOBL ·dispatchTimeAddr(SB), RODATA, $8
DATA ·dispatchTimeAddr(SB)/8, $libc_dispatch_time_trampoline<>(SB)

TEXT libc_os_retain_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_retain(SB)
GLOBL ·osRetainAddr(SB), RODATA, $8
DATA ·osRetainAddr(SB)/8, $libc_os_retain_trampoline<>(SB)

TEXT libc_os_release_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_release(SB)
GLOBL ·osReleaseAddr(SB), RODATA, $8
DATA ·osReleaseAddr(SB)/8, $libc_os_release_trampoline<>(SB)

TEXT libc_os_workgroup_parallel_create_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_workgroup_parallel_create(SB)
GLOBL ·osWorkgroupParallelCreateAddr(SB), RODATA, $8
DATA ·osWorkgroupParallelCreateAddr(SB)/8, $libc_os_workgroup_parallel_create_trampoline<>(SB)

TEXT libc_os_workgroup_create_with_workgroup_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_workgroup_create_with_workgroup(SB)
GLOBL ·osWorkgroupCreateWithWorkgroupAddr(SB), RODATA, $8
DATA ·osWorkgroupCreateWithWorkgroupAddr(SB)/8, $libc_os_workgroup_create_with_workgroup_trampoline<>(SB)

TEXT libc_os_workgroup_join_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_workgroup_join(SB)
GLOBL ·osWorkgroupJoinAddr(SB), RODATA, $8
DATA ·osWorkgroupJoinAddr(SB)/8, $libc_os_workgroup_join_trampoline<>(SB)

TEXT libc_os_workgroup_leave_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_workgroup_leave(SB)
GLOBL ·osWorkgroupLeaveAddr(SB), RODATA, $8
DATA ·osWorkgroupLeaveAddr(SB)/8, $libc_os_workgroup_leave_trampoline<>(SB)

TEXT libc_os_workgroup_cancel_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_workgroup_cancel(SB)
GLOBL ·osWorkgroupCancelAddr(SB), RODATA, $8
DATA ·osWorkgroupCancelAddr(SB)/8, $libc_os_workgroup_cancel_trampoline<>(SB)

TEXT libc_os_workgroup_testcancel_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_workgroup_testcancel(SB)
GLOBL ·osWorkgroupTestcancelAddr(SB), RODATA, $8
DATA ·osWorkgroupTestcancelAddr(SB)/8, $libc_os_workgroup_testcancel_trampoline<>(SB)

TEXT libc_os_workgroup_max_parallel_threads_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_workgroup_max_parallel_threads(SB)
GLOBL ·osWorkgroupMaxParallelThreadsAddr(SB), RODATA, $8
DATA ·osWorkgroupMaxParallelThreadsAddr(SB)/8, $libc_os_workgroup_max_parallel_threads_trampoline<>(SB)

TEXT libc_os_workgroup_interval_start_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_workgroup_interval_start(SB)
GLOBL ·osWorkgroupIntervalStartAddr(SB), RODATA, $8
DATA ·osWorkgroupIntervalStartAddr(SB)/8, $libc_os_workgroup_interval_start_trampoline<>(SB)

TEXT libc_os_workgroup_interval_update_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_workgroup_interval_update(SB)
GLOBL ·osWorkgroupIntervalUpdateAddr(SB), RODATA, $8
DATA ·osWorkgroupIntervalUpdateAddr(SB)/8, $libc_os_workgroup_interval_update_trampoline<>(SB)

TEXT libc_os_workgroup_interval_finish_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_workgroup_interval_finish(SB)
GLOBL ·osWorkgroupIntervalFinishAddr(SB), RODATA, $8
DATA ·osWorkgroupIntervalFinishAddr(SB)/8, $libc_os_workgroup_interval_finish_trampoline<>(SB)
