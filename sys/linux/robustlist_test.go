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

const headSize = unsafe.Sizeof(linux.RobustListHead{})

// A robustLock is a word and its link.
type robustLock struct {
	list linux.RobustList
	word atomic.Uint32
}

// A robustRegion is the memory that holds a thread's list.
type robustRegion struct {
	head  linux.RobustListHead
	locks [3]robustLock
}

// address returns a pointer in the form that the kernel's lists use.
func address[T any](p *T) uintptr { return uintptr(unsafe.Pointer(p)) }

func newRobustRegion(t *testing.T) *robustRegion {
	t.Helper()
	mem := mapped(t, unix.PROT_READ|unix.PROT_WRITE)
	r := (*robustRegion)(unsafe.Pointer(unsafe.SliceData(mem)))
	r.head.List.Next = address(&r.head.List)
	r.head.FutexOffset = int(unsafe.Offsetof(r.locks[0].word) - unsafe.Offsetof(r.locks[0].list))
	return r
}

// skipForeignList skips tests that register a list if the C library has its own on every thread,
// as in programs that use cgo.
func skipForeignList(t *testing.T) {
	t.Helper()
	head, _, err := linux.GetRobustList(0)
	skipMissing(t, err)
	if head != 0 {
		t.Skip("the threads have the C library's robust list, which must stay")
	}
}

func TestSetRobustList(t *testing.T) {
	skipForeignList(t)
	r := newRobustRegion(t)
	onDyingThread(t, func() {
		want(t, "set", linux.SetRobustList(&r.head, headSize), nil)
		head, length, err := linux.GetRobustList(0)
		if head != address(&r.head) || length != headSize || err != nil {
			t.Errorf("got %#x, %d, %v, want %#x, %d, nil", head, length, err, address(&r.head), headSize)
		}
		// Other threads find it by its id, too.
		tid := linux.Gettid()
		start(func() error {
			if head, _, err := linux.GetRobustList(tid); head != address(&r.head) || err != nil {
				t.Errorf("of another thread: got %#x, %v", head, err)
			}
			return nil
		}).end(t, nil)
	})
}

func TestRobustListErrors(t *testing.T) {
	_, _, err := linux.GetRobustList(0)
	skipMissing(t, err)
	r := newRobustRegion(t)
	for _, length := range []uintptr{0, headSize - 1, headSize + 1, 1 << 20} {
		want(t, "another length", linux.SetRobustList(&r.head, length), syscall.EINVAL)
	}
	_, _, err = linux.GetRobustList(noSuchThread)
	want(t, "no such thread", err, syscall.ESRCH)
}

// A thread without privilege may not query one of another user. Credentials belong to
// threads, so the one that gives them up must end.
func TestGetRobustListDenied(t *testing.T) {
	_, _, err := linux.GetRobustList(0)
	skipMissing(t, err)
	if unix.Geteuid() != 0 || unix.Getpid() == 1 {
		t.Skip("only root has something to give up, and only process 1 is surely not ours")
	}
	onDyingThread(t, func() {
		const nobody = 65534
		if _, _, errno := syscall.RawSyscall(unix.SYS_SETUID, nobody, 0, 0); errno != 0 {
			t.Errorf("setuid: %v", errno)
			return
		}
		_, _, err := linux.GetRobustList(1)
		want(t, "of process 1", err, syscall.EPERM)
	})
}

// TestRobustListOwnerDies ends a thread that holds a lock in its list, is about to acquire or
// release a second, and has removed a third.
func TestRobustListOwnerDies(t *testing.T) {
	skipForeignList(t)
	r := newRobustRegion(t)
	inList, pending, other := &r.locks[0], &r.locks[1], &r.locks[2]
	var waiter, privateWaiter *sleeper
	onDyingThread(t, func() {
		want(t, "set", linux.SetRobustList(&r.head, headSize), nil)
		tid := uint32(linux.Gettid())
		inList.word.Store(tid | linux.FUTEX_WAITERS)
		pending.word.Store(tid)
		other.word.Store(tid)
		inList.list.Next = address(&r.head.List)
		r.head.List.Next = address(&inList.list)
		r.head.ListOpPending = address(&pending.list)
		waiter = start(func() error { return linux.FutexWait(&inList.word, tid|linux.FUTEX_WAITERS, nil, 0) })
		awaitSleepers(t, &inList.word, 0, 1)
		privateWaiter = start(func() error {
			return linux.FutexWait(&inList.word, tid|linux.FUTEX_WAITERS, nil, private)
		})
		awaitSleepers(t, &inList.word, private, 1)
	})
	waiter.end(t, nil)
	if got := inList.word.Load(); got != linux.FUTEX_OWNER_DIED|linux.FUTEX_WAITERS {
		t.Errorf("the lock in the list is %#x, want FUTEX_OWNER_DIED with FUTEX_WAITERS", got)
	}
	if got := pending.word.Load(); got != linux.FUTEX_OWNER_DIED {
		t.Errorf("the pending lock is %#x, want FUTEX_OWNER_DIED", got)
	}
	if got := other.word.Load(); got&linux.FUTEX_OWNER_DIED != 0 {
		t.Errorf("the lock outside of the list is %#x, want it untouched", got)
	}
	if !privateWaiter.asleep() {
		t.Error("the kernel has woken a private waiter")
	}
	wake(t, &inList.word, 1)
	privateWaiter.end(t, nil)
}
