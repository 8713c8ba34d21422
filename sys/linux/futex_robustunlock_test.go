// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"encoding/binary"
	"math/bits"
	"sync/atomic"
	"syscall"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/internal/seccomp"
	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// robustUnlocks are the three calls that release a robust lock and wake one thread.
var robustUnlocks = []struct {
	name string
	op   uint32
	nr   uintptr
	mask uintptr
	call func(addr *atomic.Uint32, pending *uintptr) (int, error)
}{
	{"wake", linux.FUTEX_WAKE, 1, 0, func(addr *atomic.Uint32, pending *uintptr) (int, error) {
		return linux.FutexUnlockWakeList(addr, 1, pending, private)
	}},
	{"bitset", linux.FUTEX_WAKE_BITSET, 1, 2, func(addr *atomic.Uint32, pending *uintptr) (int, error) {
		return linux.FutexUnlockBitsetList(addr, 1, pending, 2, private)
	}},
	{"PI", linux.FUTEX_UNLOCK_PI, 0, 0, func(addr *atomic.Uint32, pending *uintptr) (int, error) {
		return 0, linux.FutexUnlockPIList(addr, pending, private)
	}},
}

// hasRobustUnlock reports whether this kernel is Linux 7.2 or newer, by a call with a mask of no bits.
func hasRobustUnlock(t testing.TB) bool {
	t.Helper()
	_, err := linux.FutexUnlockBitsetList(new(atomic.Uint32), 1, new(uintptr), 0, private)
	if err != syscall.EINVAL {
		want(t, "an older kernel", err, syscall.ENOSYS)
	}
	return err == syscall.EINVAL
}

// TestRobustUnlockArguments has a filter check the arguments that the kernel gets. An older kernel
// returns ENOSYS, and changes nothing.
func TestRobustUnlockArguments(t *testing.T) {
	skipFilters(t)
	for _, c := range robustUnlocks {
		t.Run(c.name, func(t *testing.T) {
			word, pending := new(atomic.Uint32), new(uintptr)
			word.Store(7)
			*pending = 8
			if !hasRobustUnlock(t) {
				n, err := c.call(word, pending)
				want(t, "an older kernel", err, syscall.ENOSYS)
				if n != 0 || word.Load() != 7 || *pending != 8 {
					t.Errorf("an older kernel: %d woken, the word is %d, %d is pending", n, word.Load(), *pending)
				}
			}
			onDyingThread(t, func() {
				op := c.op | private | linux.FUTEX_ROBUST_UNLOCK
				if bits.UintSize == 32 {
					op |= linux.FUTEX_ROBUST_LIST32
				}
				args := [6]uintptr{
					uintptr(unsafe.Pointer(word)), uintptr(op), c.nr, 0, uintptr(unsafe.Pointer(pending)), c.mask,
				}
				const seen = syscall.EXDEV // no futex call returns it
				if err := seccomp.DenyCall(unix.SYS_FUTEX, args, seen); err != nil {
					t.Logf("not tried: no filter of system calls: %v", err)
					return
				}
				_, err := c.call(word, pending)
				want(t, "the filter", err, seen)
			})
		})
	}
}

// TestRobustUnlock shows what Linux 7.2 does.
func TestRobustUnlock(t *testing.T) {
	if !hasRobustUnlock(t) {
		t.Skip("this kernel is older than 7.2")
	}
	for _, c := range robustUnlocks {
		t.Run(c.name, func(t *testing.T) {
			word, pending := new(atomic.Uint32), new(uintptr)
			word.Store(self(t))
			*pending = 8
			n, err := c.call(word, pending)
			wantCount(t, "nobody waits", n, err, 0)
			if word.Load() != 0 || *pending != 0 {
				t.Errorf("the word is %#x and %#x is pending, want 0 and 0", word.Load(), *pending)
			}
			odd := misaligned() // with priority inheritance the kernel checks the owner first
			binary.NativeEndian.PutUint32(unsafe.Slice((*byte)(unsafe.Pointer(odd)), 4), self(t))
			_, err = c.call(odd, pending)
			want(t, "a misaligned word", err, syscall.EINVAL)
			word.Store(self(t))
			_, err = c.call(word, (*uintptr)(unsafe.Pointer(unreadable(t))))
			want(t, "a pending that cannot be written", err, syscall.EFAULT)
			if word.Load() != 0 {
				t.Errorf("after EFAULT the word is %#x, want 0", word.Load())
			}
			_, err = c.call(unreadable(t), pending)
			want(t, "a word that cannot be written", err, syscall.EFAULT)
		})
	}
	t.Run("another owner", func(t *testing.T) {
		word, pending := new(atomic.Uint32), new(uintptr)
		word.Store(noSuchThread)
		*pending = 8
		want(t, "unlock", linux.FutexUnlockPIList(word, pending, private), syscall.EPERM)
		if word.Load() != noSuchThread || *pending != 8 {
			t.Errorf("the word is %#x and %#x is pending", word.Load(), *pending)
		}
	})
	t.Run("two wait", func(t *testing.T) {
		word, pending := new(atomic.Uint32), new(uintptr)
		word.Store(5)
		first := start(func() error { return linux.FutexWaitBitset(word, 5, nil, 2, private) })
		second := start(func() error { return linux.FutexWaitBitset(word, 5, nil, 4, private) })
		awaitSleepers(t, word, private, 2)
		n, err := linux.FutexUnlockBitsetList(word, 1, pending, 2, private)
		wantCount(t, "the mask of one", n, err, 1)
		first.end(t, nil)
		if got := word.Load(); got&^linux.FUTEX_WAITERS != 0 {
			t.Errorf("the word is %#x, want no thread id", got)
		}
		n, err = linux.FutexUnlockWakeList(word, everyone, pending, private)
		wantCount(t, "the other", n, err, 1)
		second.end(t, nil)
	})
}

// TestRobustListPI ends a thread that holds a lock with priority inheritance in its list. The
// kernel does not wake threads that wait there in FutexWait.
func TestRobustListPI(t *testing.T) {
	skipForeignList(t)
	r := newRobustRegion(t)
	lock, pending := &r.locks[0], &r.locks[1]
	var waiter *sleeper
	var tid uint32
	onDyingThread(t, func() {
		want(t, "set", linux.SetRobustList(&r.head, headSize), nil)
		tid = uint32(linux.Gettid())
		lock.word.Store(tid | linux.FUTEX_WAITERS)
		pending.word.Store(tid)
		lock.list.Next = address(&r.head.List)
		r.head.List.Next = address(&lock.list) | linux.FUTEX_ROBUST_MOD_PI
		r.head.ListOpPending = address(&pending.list) | linux.FUTEX_ROBUST_MOD_PI
		waiter = start(func() error { return linux.FutexWait(&lock.word, tid|linux.FUTEX_WAITERS, nil, 0) })
		awaitSleepers(t, &lock.word, 0, 1)
	})
	if got := lock.word.Load(); got != linux.FUTEX_OWNER_DIED|linux.FUTEX_WAITERS {
		t.Errorf("the lock is %#x, want FUTEX_OWNER_DIED with FUTEX_WAITERS", got)
	}
	if !waiter.asleep() {
		t.Error("the kernel has woken a thread in FutexWait")
	}
	n, err := linux.FutexWake(&lock.word, 1, 0)
	wantCount(t, "wake", n, err, 1)
	waiter.end(t, nil)
	if got := pending.word.Load(); got != linux.FUTEX_OWNER_DIED {
		t.Errorf("the pending lock is %#x, want FUTEX_OWNER_DIED", got)
	}
	tid = self(t)
	want(t, "lock", linux.FutexTrylockPI(&pending.word, 0), nil)
	if got := pending.word.Load(); got != tid|linux.FUTEX_OWNER_DIED {
		t.Errorf("the lock taken is %#x, want the thread's id with FUTEX_OWNER_DIED", got)
	}
	want(t, "unlock", linux.FutexUnlockPI(&pending.word, 0), nil)
}
