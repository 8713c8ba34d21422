// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

#include "textflag.h"

// As in trampoline.s, for the attributes of pthread and its lock for readers and writers.

TEXT libc_pthread_mutexattr_init_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_mutexattr_init(SB)
GLOBL ·pthreadMutexattrInitAddr(SB), RODATA, $8
DATA ·pthreadMutexattrInitAddr(SB)/8, $libc_pthread_mutexattr_init_trampoline<>(SB)

TEXT libc_pthread_mutexattr_destroy_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_mutexattr_destroy(SB)
GLOBL ·pthreadMutexattrDestroyAddr(SB), RODATA, $8
DATA ·pthreadMutexattrDestroyAddr(SB)/8, $libc_pthread_mutexattr_destroy_trampoline<>(SB)

TEXT libc_pthread_mutexattr_gettype_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_mutexattr_gettype(SB)
GLOBL ·pthreadMutexattrGettypeAddr(SB), RODATA, $8
DATA ·pthreadMutexattrGettypeAddr(SB)/8, $libc_pthread_mutexattr_gettype_trampoline<>(SB)

TEXT libc_pthread_mutexattr_settype_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_mutexattr_settype(SB)
GLOBL ·pthreadMutexattrSettypeAddr(SB), RODATA, $8
DATA ·pthreadMutexattrSettypeAddr(SB)/8, $libc_pthread_mutexattr_settype_trampoline<>(SB)

TEXT libc_pthread_mutexattr_getprotocol_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_mutexattr_getprotocol(SB)
GLOBL ·pthreadMutexattrGetprotocolAddr(SB), RODATA, $8
DATA ·pthreadMutexattrGetprotocolAddr(SB)/8, $libc_pthread_mutexattr_getprotocol_trampoline<>(SB)

TEXT libc_pthread_mutexattr_setprotocol_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_mutexattr_setprotocol(SB)
GLOBL ·pthreadMutexattrSetprotocolAddr(SB), RODATA, $8
DATA ·pthreadMutexattrSetprotocolAddr(SB)/8, $libc_pthread_mutexattr_setprotocol_trampoline<>(SB)

TEXT libc_pthread_mutexattr_getpshared_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_mutexattr_getpshared(SB)
GLOBL ·pthreadMutexattrGetpsharedAddr(SB), RODATA, $8
DATA ·pthreadMutexattrGetpsharedAddr(SB)/8, $libc_pthread_mutexattr_getpshared_trampoline<>(SB)

TEXT libc_pthread_mutexattr_setpshared_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_mutexattr_setpshared(SB)
GLOBL ·pthreadMutexattrSetpsharedAddr(SB), RODATA, $8
DATA ·pthreadMutexattrSetpsharedAddr(SB)/8, $libc_pthread_mutexattr_setpshared_trampoline<>(SB)

TEXT libc_pthread_mutexattr_getpolicy_np_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_mutexattr_getpolicy_np(SB)
GLOBL ·pthreadMutexattrGetpolicyNpAddr(SB), RODATA, $8
DATA ·pthreadMutexattrGetpolicyNpAddr(SB)/8, $libc_pthread_mutexattr_getpolicy_np_trampoline<>(SB)

TEXT libc_pthread_mutexattr_setpolicy_np_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_mutexattr_setpolicy_np(SB)
GLOBL ·pthreadMutexattrSetpolicyNpAddr(SB), RODATA, $8
DATA ·pthreadMutexattrSetpolicyNpAddr(SB)/8, $libc_pthread_mutexattr_setpolicy_np_trampoline<>(SB)

TEXT libc_pthread_condattr_init_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_condattr_init(SB)
GLOBL ·pthreadCondattrInitAddr(SB), RODATA, $8
DATA ·pthreadCondattrInitAddr(SB)/8, $libc_pthread_condattr_init_trampoline<>(SB)

TEXT libc_pthread_condattr_destroy_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_condattr_destroy(SB)
GLOBL ·pthreadCondattrDestroyAddr(SB), RODATA, $8
DATA ·pthreadCondattrDestroyAddr(SB)/8, $libc_pthread_condattr_destroy_trampoline<>(SB)

TEXT libc_pthread_condattr_getpshared_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_condattr_getpshared(SB)
GLOBL ·pthreadCondattrGetpsharedAddr(SB), RODATA, $8
DATA ·pthreadCondattrGetpsharedAddr(SB)/8, $libc_pthread_condattr_getpshared_trampoline<>(SB)

TEXT libc_pthread_condattr_setpshared_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_condattr_setpshared(SB)
GLOBL ·pthreadCondattrSetpsharedAddr(SB), RODATA, $8
DATA ·pthreadCondattrSetpsharedAddr(SB)/8, $libc_pthread_condattr_setpshared_trampoline<>(SB)

TEXT libc_pthread_rwlockattr_init_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_rwlockattr_init(SB)
GLOBL ·pthreadRwlockattrInitAddr(SB), RODATA, $8
DATA ·pthreadRwlockattrInitAddr(SB)/8, $libc_pthread_rwlockattr_init_trampoline<>(SB)

TEXT libc_pthread_rwlockattr_destroy_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_rwlockattr_destroy(SB)
GLOBL ·pthreadRwlockattrDestroyAddr(SB), RODATA, $8
DATA ·pthreadRwlockattrDestroyAddr(SB)/8, $libc_pthread_rwlockattr_destroy_trampoline<>(SB)

TEXT libc_pthread_rwlockattr_getpshared_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_rwlockattr_getpshared(SB)
GLOBL ·pthreadRwlockattrGetpsharedAddr(SB), RODATA, $8
DATA ·pthreadRwlockattrGetpsharedAddr(SB)/8, $libc_pthread_rwlockattr_getpshared_trampoline<>(SB)

TEXT libc_pthread_rwlockattr_setpshared_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_rwlockattr_setpshared(SB)
GLOBL ·pthreadRwlockattrSetpsharedAddr(SB), RODATA, $8
DATA ·pthreadRwlockattrSetpsharedAddr(SB)/8, $libc_pthread_rwlockattr_setpshared_trampoline<>(SB)

TEXT libc_pthread_rwlock_init_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_rwlock_init(SB)
GLOBL ·pthreadRwlockInitAddr(SB), RODATA, $8
DATA ·pthreadRwlockInitAddr(SB)/8, $libc_pthread_rwlock_init_trampoline<>(SB)

TEXT libc_pthread_rwlock_destroy_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_rwlock_destroy(SB)
GLOBL ·pthreadRwlockDestroyAddr(SB), RODATA, $8
DATA ·pthreadRwlockDestroyAddr(SB)/8, $libc_pthread_rwlock_destroy_trampoline<>(SB)

TEXT libc_pthread_rwlock_rdlock_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_rwlock_rdlock(SB)
GLOBL ·pthreadRwlockRdlockAddr(SB), RODATA, $8
DATA ·pthreadRwlockRdlockAddr(SB)/8, $libc_pthread_rwlock_rdlock_trampoline<>(SB)

TEXT libc_pthread_rwlock_tryrdlock_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_rwlock_tryrdlock(SB)
GLOBL ·pthreadRwlockTryrdlockAddr(SB), RODATA, $8
DATA ·pthreadRwlockTryrdlockAddr(SB)/8, $libc_pthread_rwlock_tryrdlock_trampoline<>(SB)

TEXT libc_pthread_rwlock_wrlock_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_rwlock_wrlock(SB)
GLOBL ·pthreadRwlockWrlockAddr(SB), RODATA, $8
DATA ·pthreadRwlockWrlockAddr(SB)/8, $libc_pthread_rwlock_wrlock_trampoline<>(SB)

TEXT libc_pthread_rwlock_trywrlock_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_rwlock_trywrlock(SB)
GLOBL ·pthreadRwlockTrywrlockAddr(SB), RODATA, $8
DATA ·pthreadRwlockTrywrlockAddr(SB)/8, $libc_pthread_rwlock_trywrlock_trampoline<>(SB)

TEXT libc_pthread_rwlock_unlock_trampoline<>(SB),NOSPLIT,$0-0
	JMP libc_pthread_rwlock_unlock(SB)
GLOBL ·pthreadRwlockUnlockAddr(SB), RODATA, $8
DATA ·pthreadRwlockUnlockAddr(SB)/8, $libc_pthread_rwlock_unlock_trampoline<>(SB)
