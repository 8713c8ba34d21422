// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"sync/atomic"
	"syscall"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// BenchmarkCall measures each call beside the bare system call. A call may cost at most 5 %
// more. None of them sleeps or wakes a thread.
func BenchmarkCall(b *testing.B) {
	var (
		word, word2 = new(atomic.Uint32), new(atomic.Uint32)
		dead        = new(atomic.Uint32) // a lock whose owner is gone
		v           = vector(2)
		attr        linux.SchedAttr
		past        linux.Timespec
	)
	dead.Store(noSuchThread)
	v[1].Val = 1
	pair := (*[2]linux.FutexWaiter)(v)
	op := linux.FutexOp(linux.FUTEX_OP_ADD, 0, linux.FUTEX_OP_CMP_NE, 0)

	compare(b, "FUTEX_WAIT", func() {
		errSink = linux.FutexWait(word, 1, nil, private)
	}, func() {
		countSink, errSink = boxed(syscall.Syscall6(futexCall, uintptr(unsafe.Pointer(word)), linux.FUTEX_WAIT|private, 1, 0, 0, 0))
	})
	compare(b, "FUTEX_WAIT_BITSET", func() {
		errSink = linux.FutexWaitBitset(word, 1, &past, matchAny, private)
	}, func() {
		countSink, errSink = boxed(syscall.Syscall6(futexCall, uintptr(unsafe.Pointer(word)), linux.FUTEX_WAIT_BITSET|private, 1,
			uintptr(unsafe.Pointer(&past)), 0, matchAny))
	})
	compare(b, "FUTEX_WAKE", func() {
		countSink, errSink = linux.FutexWake(word, 1, private)
	}, func() {
		countSink, errSink = boxed(syscall.RawSyscall6(futexCall, uintptr(unsafe.Pointer(word)), linux.FUTEX_WAKE|private, 1, 0, 0, 0))
	})
	compare(b, "FUTEX_CMP_REQUEUE", func() {
		countSink, errSink = linux.FutexCmpRequeue(word, 1, 1, word2, 0, private)
	}, func() {
		countSink, errSink = boxed(syscall.RawSyscall6(futexCall, uintptr(unsafe.Pointer(word)), linux.FUTEX_CMP_REQUEUE|private, 1, 1, uintptr(unsafe.Pointer(word2)), 0))
	})
	compare(b, "FUTEX_WAKE_OP", func() {
		countSink, errSink = linux.FutexWakeOp(word, 1, 1, word2, op, private)
	}, func() {
		countSink, errSink = boxed(syscall.RawSyscall6(futexCall, uintptr(unsafe.Pointer(word)), linux.FUTEX_WAKE_OP|private, 1, 1, uintptr(unsafe.Pointer(word2)), uintptr(op)))
	})
	compare(b, "FUTEX_LOCK_PI", func() {
		errSink = linux.FutexLockPI(dead, nil, private)
	}, func() {
		countSink, errSink = boxed(syscall.Syscall6(futexCall, uintptr(unsafe.Pointer(dead)), linux.FUTEX_LOCK_PI|private, 0, 0, 0, 0))
	})
	compare(b, "FUTEX_UNLOCK_PI", func() {
		errSink = linux.FutexUnlockPI(word, private)
	}, func() {
		countSink, errSink = boxed(syscall.RawSyscall6(futexCall, uintptr(unsafe.Pointer(word)), linux.FUTEX_UNLOCK_PI|private, 0, 0, 0, 0))
	})
	compare(b, "futex_waitv", func() {
		countSink, errSink = linux.FutexWaitv(v, nil, unix.CLOCK_MONOTONIC, 0)
	}, func() {
		countSink, errSink = boxed(syscall.Syscall6(unix.SYS_FUTEX_WAITV, uintptr(unsafe.Pointer(&v[0])), 2, 0, 0, unix.CLOCK_MONOTONIC, 0))
	})
	compare(b, "futex_wait", func() {
		errSink = linux.Futex2Wait(word, 1, matchAny, nil, unix.CLOCK_MONOTONIC, private32)
	}, func() {
		countSink, errSink = boxed(syscall.Syscall6(unix.SYS_FUTEX_WAIT, uintptr(unsafe.Pointer(word)), 1, matchAny, private32, 0, unix.CLOCK_MONOTONIC))
	})
	compare(b, "futex_wake", func() {
		countSink, errSink = linux.Futex2Wake(word, matchAny, 1, private32)
	}, func() {
		countSink, errSink = boxed(syscall.RawSyscall6(unix.SYS_FUTEX_WAKE, uintptr(unsafe.Pointer(word)), matchAny, 1, private32, 0, 0))
	})
	compare(b, "futex_requeue", func() {
		countSink, errSink = linux.Futex2Requeue(pair, 1, 1, 0)
	}, func() {
		countSink, errSink = boxed(syscall.RawSyscall6(unix.SYS_FUTEX_REQUEUE, uintptr(unsafe.Pointer(pair)), 0, 1, 1, 0, 0))
	})
	compare(b, "get_robust_list", func() {
		headSink, lengthSink, errSink = linux.GetRobustList(0)
	}, func() {
		var head, length uintptr
		countSink, errSink = boxed(syscall.RawSyscall6(unix.SYS_GET_ROBUST_LIST, 0, uintptr(unsafe.Pointer(&head)),
			uintptr(unsafe.Pointer(&length)), 0, 0, 0))
		headSink, lengthSink = head, length
	})
	compare(b, "membarrier", func() {
		countSink, errSink = linux.Membarrier(linux.MEMBARRIER_CMD_QUERY, 0, 0)
	}, func() {
		countSink, errSink = boxed(syscall.Syscall6(unix.SYS_MEMBARRIER, linux.MEMBARRIER_CMD_QUERY, 0, 0, 0, 0, 0))
	})
	compare(b, "sched_getattr", func() {
		errSink = linux.SchedGetattr(0, &attr, attrSize, 0)
	}, func() {
		countSink, errSink = boxed(syscall.RawSyscall6(unix.SYS_SCHED_GETATTR, 0, uintptr(unsafe.Pointer(&attr)), uintptr(attrSize), 0, 0, 0))
	})
	pending := new(uintptr)
	compare(b, "FUTEX_UNLOCK_WAKE_LIST", func() {
		countSink, errSink = linux.FutexUnlockWakeList(word, 1, pending, private)
	}, func() {
		countSink, errSink = boxed(syscall.RawSyscall6(futexCall, uintptr(unsafe.Pointer(word)),
			linux.FUTEX_WAKE|private|linux.FUTEX_ROBUST_UNLOCK, 1, 0, uintptr(unsafe.Pointer(pending)), 0))
	})
	mask := affinity(b, 0)[:1024/8/wordSize]
	compare(b, "sched_getaffinity", func() {
		countSink, errSink = linux.SchedGetaffinity(0, mask)
	}, func() {
		countSink, errSink = boxed(syscall.RawSyscall(unix.SYS_SCHED_GETAFFINITY, 0, 1024/8, uintptr(unsafe.Pointer(&mask[0]))))
	})
	compare(b, "PR_GET_TIMERSLACK", func() {
		lengthSink, errSink = linux.PrctlGetTimerslack()
	}, func() {
		countSink, errSink = boxed(syscall.RawSyscall(unix.SYS_PRCTL, unix.PR_GET_TIMERSLACK, 0, 0))
	})
	compare(b, "PR_FUTEX_HASH", func() {
		countSink, errSink = linux.PrctlFutexHashGetSlots()
	}, func() {
		countSink, errSink = boxed(syscall.RawSyscall6(unix.SYS_PRCTL, unix.PR_FUTEX_HASH, unix.PR_FUTEX_HASH_GET_SLOTS, 0, 0, 0, 0))
	})
	compare(b, "gettid", func() {
		countSink = linux.Gettid()
	}, func() {
		n, _, _ := syscall.RawSyscall6(unix.SYS_GETTID, 0, 0, 0, 0, 0, 0)
		countSink = int(n)
	})
}

// compare runs the binding and the bare call in the same loop.
func compare(b *testing.B, call string, osync, raw func()) {
	for _, c := range []struct {
		impl string
		f    func()
	}{{"osync", osync}, {"raw", raw}} {
		b.Run("call="+call+"/impl="+c.impl, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.f()
			}
		})
	}
}

var headSink, lengthSink uintptr

// futexCall is the number of the classic call on a kernel that has both.
const futexCall = unix.SYS_FUTEX

// boxed does with the result of a bare call what any caller does.
func boxed(n, _ uintptr, errno syscall.Errno) (int, error) {
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
