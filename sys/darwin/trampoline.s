// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

#include "textflag.h"

// For each function of libSystem: a jump to it, which the dynamic linker fills in, and the
// address of that jump, which Go calls. It is the same on amd64 and arm64: a jump leaves the C
// arguments where syscall6 has put them.

TEXT libc_dlopen_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_dlopen(SB)
GLOBL ·dlopenAddr(SB), RODATA, $8
DATA ·dlopenAddr(SB)/8, $libc_dlopen_trampoline<>(SB)

TEXT libc_dlsym_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_dlsym(SB)
GLOBL ·dlsymAddr(SB), RODATA, $8
DATA ·dlsymAddr(SB)/8, $libc_dlsym_trampoline<>(SB)

TEXT libc_os_unfair_lock_lock_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_unfair_lock_lock(SB)
GLOBL ·unfairLockLockAddr(SB), RODATA, $8
DATA ·unfairLockLockAddr(SB)/8, $libc_os_unfair_lock_lock_trampoline<>(SB)

TEXT libc_os_unfair_lock_trylock_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_unfair_lock_trylock(SB)
GLOBL ·unfairLockTrylockAddr(SB), RODATA, $8
DATA ·unfairLockTrylockAddr(SB)/8, $libc_os_unfair_lock_trylock_trampoline<>(SB)

TEXT libc_os_unfair_lock_unlock_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_unfair_lock_unlock(SB)
GLOBL ·unfairLockUnlockAddr(SB), RODATA, $8
DATA ·unfairLockUnlockAddr(SB)/8, $libc_os_unfair_lock_unlock_trampoline<>(SB)

TEXT libc_os_unfair_lock_assert_owner_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_unfair_lock_assert_owner(SB)
GLOBL ·unfairLockAssertOwnerAddr(SB), RODATA, $8
DATA ·unfairLockAssertOwnerAddr(SB)/8, $libc_os_unfair_lock_assert_owner_trampoline<>(SB)

TEXT libc_os_unfair_lock_assert_not_owner_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_os_unfair_lock_assert_not_owner(SB)
GLOBL ·unfairLockAssertNotOwnerAddr(SB), RODATA, $8
DATA ·unfairLockAssertNotOwnerAddr(SB)/8, $libc_os_unfair_lock_assert_not_owner_trampoline<>(SB)

TEXT libc_pthread_mutex_init_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_mutex_init(SB)
GLOBL ·pthreadMutexInitAddr(SB), RODATA, $8
DATA ·pthreadMutexInitAddr(SB)/8, $libc_pthread_mutex_init_trampoline<>(SB)

TEXT libc_pthread_mutex_destroy_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_mutex_destroy(SB)
GLOBL ·pthreadMutexDestroyAddr(SB), RODATA, $8
DATA ·pthreadMutexDestroyAddr(SB)/8, $libc_pthread_mutex_destroy_trampoline<>(SB)

TEXT libc_pthread_mutex_lock_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_mutex_lock(SB)
GLOBL ·pthreadMutexLockAddr(SB), RODATA, $8
DATA ·pthreadMutexLockAddr(SB)/8, $libc_pthread_mutex_lock_trampoline<>(SB)

TEXT libc_pthread_mutex_trylock_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_mutex_trylock(SB)
GLOBL ·pthreadMutexTrylockAddr(SB), RODATA, $8
DATA ·pthreadMutexTrylockAddr(SB)/8, $libc_pthread_mutex_trylock_trampoline<>(SB)

TEXT libc_pthread_mutex_unlock_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_mutex_unlock(SB)
GLOBL ·pthreadMutexUnlockAddr(SB), RODATA, $8
DATA ·pthreadMutexUnlockAddr(SB)/8, $libc_pthread_mutex_unlock_trampoline<>(SB)

TEXT libc_pthread_cond_init_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_cond_init(SB)
GLOBL ·pthreadCondInitAddr(SB), RODATA, $8
DATA ·pthreadCondInitAddr(SB)/8, $libc_pthread_cond_init_trampoline<>(SB)

TEXT libc_pthread_cond_destroy_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_cond_destroy(SB)
GLOBL ·pthreadCondDestroyAddr(SB), RODATA, $8
DATA ·pthreadCondDestroyAddr(SB)/8, $libc_pthread_cond_destroy_trampoline<>(SB)

TEXT libc_pthread_cond_wait_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_cond_wait(SB)
GLOBL ·pthreadCondWaitAddr(SB), RODATA, $8
DATA ·pthreadCondWaitAddr(SB)/8, $libc_pthread_cond_wait_trampoline<>(SB)

TEXT libc_pthread_cond_timedwait_relative_np_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_cond_timedwait_relative_np(SB)
GLOBL ·pthreadCondTimedwaitRelativeNpAddr(SB), RODATA, $8
DATA ·pthreadCondTimedwaitRelativeNpAddr(SB)/8, $libc_pthread_cond_timedwait_relative_np_trampoline<>(SB)

TEXT libc_pthread_cond_signal_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_cond_signal(SB)
GLOBL ·pthreadCondSignalAddr(SB), RODATA, $8
DATA ·pthreadCondSignalAddr(SB)/8, $libc_pthread_cond_signal_trampoline<>(SB)

TEXT libc_pthread_cond_broadcast_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_cond_broadcast(SB)
GLOBL ·pthreadCondBroadcastAddr(SB), RODATA, $8
DATA ·pthreadCondBroadcastAddr(SB)/8, $libc_pthread_cond_broadcast_trampoline<>(SB)

TEXT libc_pthread_self_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_self(SB)
GLOBL ·pthreadSelfAddr(SB), RODATA, $8
DATA ·pthreadSelfAddr(SB)/8, $libc_pthread_self_trampoline<>(SB)

TEXT libc_pthread_threadid_np_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_threadid_np(SB)
GLOBL ·pthreadThreadidNpAddr(SB), RODATA, $8
DATA ·pthreadThreadidNpAddr(SB)/8, $libc_pthread_threadid_np_trampoline<>(SB)

TEXT libc_pthread_mach_thread_np_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_mach_thread_np(SB)
GLOBL ·pthreadMachThreadNpAddr(SB), RODATA, $8
DATA ·pthreadMachThreadNpAddr(SB)/8, $libc_pthread_mach_thread_np_trampoline<>(SB)

TEXT libc_pthread_setname_np_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_setname_np(SB)
GLOBL ·pthreadSetnameNpAddr(SB), RODATA, $8
DATA ·pthreadSetnameNpAddr(SB)/8, $libc_pthread_setname_np_trampoline<>(SB)

TEXT libc_pthread_getname_np_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_getname_np(SB)
GLOBL ·pthreadGetnameNpAddr(SB), RODATA, $8
DATA ·pthreadGetnameNpAddr(SB)/8, $libc_pthread_getname_np_trampoline<>(SB)

TEXT libc_sched_yield_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_sched_yield(SB)
GLOBL ·schedYieldAddr(SB), RODATA, $8
DATA ·schedYieldAddr(SB)/8, $libc_sched_yield_trampoline<>(SB)

TEXT libc_pthread_yield_np_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_yield_np(SB)
GLOBL ·pthreadYieldNpAddr(SB), RODATA, $8
DATA ·pthreadYieldNpAddr(SB)/8, $libc_pthread_yield_np_trampoline<>(SB)

TEXT libc_qos_class_self_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_qos_class_self(SB)
GLOBL ·qosClassSelfAddr(SB), RODATA, $8
DATA ·qosClassSelfAddr(SB)/8, $libc_qos_class_self_trampoline<>(SB)

TEXT libc_pthread_set_qos_class_self_np_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_set_qos_class_self_np(SB)
GLOBL ·pthreadSetQosClassSelfNpAddr(SB), RODATA, $8
DATA ·pthreadSetQosClassSelfNpAddr(SB)/8, $libc_pthread_set_qos_class_self_np_trampoline<>(SB)

TEXT libc_pthread_get_qos_class_np_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_get_qos_class_np(SB)
GLOBL ·pthreadGetQosClassNpAddr(SB), RODATA, $8
DATA ·pthreadGetQosClassNpAddr(SB)/8, $libc_pthread_get_qos_class_np_trampoline<>(SB)

TEXT libc_pthread_override_qos_class_start_np_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_override_qos_class_start_np(SB)
GLOBL ·pthreadOverrideQosClassStartNpAddr(SB), RODATA, $8
DATA ·pthreadOverrideQosClassStartNpAddr(SB)/8, $libc_pthread_override_qos_class_start_np_trampoline<>(SB)

TEXT libc_pthread_override_qos_class_end_np_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_override_qos_class_end_np(SB)
GLOBL ·pthreadOverrideQosClassEndNpAddr(SB), RODATA, $8
DATA ·pthreadOverrideQosClassEndNpAddr(SB)/8, $libc_pthread_override_qos_class_end_np_trampoline<>(SB)

TEXT libc_mach_absolute_time_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_mach_absolute_time(SB)
GLOBL ·machAbsoluteTimeAddr(SB), RODATA, $8
DATA ·machAbsoluteTimeAddr(SB)/8, $libc_mach_absolute_time_trampoline<>(SB)

TEXT libc_mach_timebase_info_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_mach_timebase_info(SB)
GLOBL ·machTimebaseInfoAddr(SB), RODATA, $8
DATA ·machTimebaseInfoAddr(SB)/8, $libc_mach_timebase_info_trampoline<>(SB)

TEXT libc_shm_open_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_shm_open(SB)
GLOBL ·shmOpenAddr(SB), RODATA, $8
DATA ·shmOpenAddr(SB)/8, $libc_shm_open_trampoline<>(SB)

TEXT libc_shm_unlink_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_shm_unlink(SB)
GLOBL ·shmUnlinkAddr(SB), RODATA, $8
DATA ·shmUnlinkAddr(SB)/8, $libc_shm_unlink_trampoline<>(SB)
