// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

#include "textflag.h"

TEXT libc_dlsym_trampoline<>(SB),NOSPLIT,$0-0
	JMP	libc_dlsym(SB)
GLOBL	·dlsymAddr(SB), RODATA, $8
DATA	·dlsymAddr(SB)/8, $libc_dlsym_trampoline<>(SB)

TEXT libc_ulock_wake_trampoline<>(SB),NOSPLIT,$0-0
	JMP	libc_ulock_wake(SB)
GLOBL	·wakeAddr(SB), RODATA, $8
DATA	·wakeAddr(SB)/8, $libc_ulock_wake_trampoline<>(SB)

TEXT libc_os_unfair_lock_trylock_trampoline<>(SB),NOSPLIT,$0-0
	JMP	libc_os_unfair_lock_trylock(SB)
GLOBL	·trylockAddr(SB), RODATA, $8
DATA	·trylockAddr(SB)/8, $libc_os_unfair_lock_trylock_trampoline<>(SB)
