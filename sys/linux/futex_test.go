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

func TestFutexWakeCounts(t *testing.T) {
	word := new(atomic.Uint32)
	if n, err := linux.FutexWake(word, everyone, private); n != 0 || err != nil {
		t.Errorf("nobody waits: woke %d, %v", n, err)
	}
	var sleepers []*sleeper
	for range 4 {
		sleepers = append(sleepers, start(func() error { return linux.FutexWait(word, 0, nil, private) }))
	}
	awaitSleepers(t, word, private, 4)
	n, err := linux.FutexWake(word, 0, private)
	wantCount(t, "wake of 0", n, err, 1)
	n, err = linux.FutexWake(word, 2, private)
	wantCount(t, "wake of 2", n, err, 2)
	n, err = linux.FutexWake(word, everyone, private)
	wantCount(t, "wake of all", n, err, 1)
	for _, s := range sleepers {
		s.end(t, nil)
	}
}

// A private waiter and a shared wake do not meet, nor do a shared waiter and a private wake.
func TestFutexWakeScope(t *testing.T) {
	for _, flags := range []uint32{0, private} {
		word := new(atomic.Uint32)
		s := start(func() error { return linux.FutexWait(word, 0, nil, flags) })
		awaitSleepers(t, word, flags, 1)
		n, err := linux.FutexWake(word, 1, flags^private)
		wantCount(t, "wake with the other flag", n, err, 0)
		n, err = linux.FutexWake(word, 1, flags)
		wantCount(t, "wake with the waiter's flag", n, err, 1)
		s.end(t, nil)
	}
}

// A shared word is identified by the memory behind it: here one page is mapped twice.
func TestFutexShared(t *testing.T) {
	fd, err := unix.MemfdCreate("osync-test", unix.MFD_CLOEXEC)
	if err != nil {
		t.Skipf("memfd_create: %v", err)
	}
	defer unix.Close(fd)
	if err := unix.Ftruncate(fd, int64(unix.Getpagesize())); err != nil {
		t.Fatal(err)
	}
	var words [2]*atomic.Uint32
	for i := range words {
		mem, err := unix.Mmap(fd, 0, unix.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Munmap(mem)
		words[i] = (*atomic.Uint32)(unsafe.Pointer(unsafe.SliceData(mem)))
	}
	s := start(func() error { return linux.FutexWait(words[0], 0, nil, 0) })
	awaitSleepers(t, words[0], 0, 1)
	n, err := linux.FutexWake(words[1], 1, 0)
	wantCount(t, "wake through the other mapping", n, err, 1)
	s.end(t, nil)
}

func TestFutexBitset(t *testing.T) {
	word := new(atomic.Uint32)
	waitFor := func(mask uint32) *sleeper {
		return start(func() error { return linux.FutexWaitBitset(word, 0, nil, mask, private) })
	}
	low, high, plain := waitFor(0b0011), waitFor(0b1100), start(func() error {
		return linux.FutexWait(word, 0, nil, private)
	})
	awaitSleepers(t, word, private, 3)
	n, err := linux.FutexWakeBitset(word, everyone, 0b0100, private)
	wantCount(t, "wake of bit 2", n, err, 2) // a plain waiter has all bits
	high.end(t, nil)
	plain.end(t, nil)
	n, err = linux.FutexWakeBitset(word, everyone, 0b1100, private)
	wantCount(t, "wake of bits nobody has", n, err, 0)
	n, err = linux.FutexWake(word, everyone, private)
	wantCount(t, "wake of all bits", n, err, 1)
	low.end(t, nil)
}

// TestFutexWakeErrors holds for all calls that wake by address.
func TestFutexWakeErrors(t *testing.T) {
	word := func() *atomic.Uint32 { return new(atomic.Uint32) }
	wake, bitset := linux.FutexWake, func(addr *atomic.Uint32, nr, flags uint32) (int, error) {
		return linux.FutexWakeBitset(addr, nr, matchAny, flags)
	}
	for _, c := range []struct {
		name  string
		call  func(addr *atomic.Uint32, nr, flags uint32) (int, error)
		addr  *atomic.Uint32
		flags uint32
		err   error
	}{
		{"FutexWake misaligned", wake, misaligned(), private, syscall.EINVAL},
		{"FutexWake unmapped", wake, unreadable(t), 0, syscall.EFAULT},
		{"FutexWake unmapped, private", wake, unreadable(t), private, nil},
		{"FutexWake unknown flag", wake, word(), noSuchFlag, syscall.ENOSYS},
		{"FutexWake clock flag", wake, word(), realtime, syscall.ENOSYS},
		{"FutexWakeBitset misaligned", bitset, misaligned(), private, syscall.EINVAL},
		{"FutexWakeBitset unmapped", bitset, unreadable(t), 0, syscall.EFAULT},
		{"FutexWakeBitset unmapped, private", bitset, unreadable(t), private, nil},
		{"FutexWakeBitset unknown flag", bitset, word(), noSuchFlag, syscall.ENOSYS},
	} {
		_, err := c.call(c.addr, 1, c.flags)
		want(t, c.name, err, c.err)
	}
	_, err := linux.FutexWakeBitset(word(), 1, 0, private)
	want(t, "FutexWakeBitset zero mask", err, syscall.EINVAL)
	want(t, "FutexWaitBitset zero mask", linux.FutexWaitBitset(word(), 0, nil, 0, private), syscall.EINVAL)
	want(t, "FutexWait clock flag", linux.FutexWait(word(), 0, nil, realtime), syscall.ENOSYS)
	want(t, "FutexWait unknown flag", linux.FutexWait(word(), 0, nil, noSuchFlag), syscall.ENOSYS)
	for name, flags := range map[string]uint32{
		"FUTEX_ROBUST_UNLOCK": private | linux.FUTEX_ROBUST_UNLOCK,
		"both robust flags":   private | linux.FUTEX_ROBUST_UNLOCK | linux.FUTEX_ROBUST_LIST32,
	} { // of waits too, on kernels that know them
		want(t, "FutexWait with "+name, linux.FutexWait(word(), 0, nil, flags), syscall.ENOSYS)
		want(t, "FutexWaitBitset with "+name, linux.FutexWaitBitset(word(), 0, nil, matchAny, flags), syscall.ENOSYS)
	}
	want(t, "FutexWaitBitset unknown flag", linux.FutexWaitBitset(word(), 0, nil, matchAny, noSuchFlag), syscall.ENOSYS)
}

// A wake of a word on which threads wait for a lock with priority inheritance is refused.
func TestFutexWakeOfLockWaiter(t *testing.T) {
	skipSwapped(t)
	lock, waiter := contendedPI(t)
	_, err := linux.FutexWake(lock, 1, private)
	want(t, "FutexWake", err, syscall.EINVAL)
	_, err = linux.FutexWakeBitset(lock, 1, matchAny, private)
	want(t, "FutexWakeBitset", err, syscall.EINVAL)
	_, err = linux.FutexRequeue(lock, 0, 1, new(atomic.Uint32), private)
	want(t, "FutexRequeue", err, syscall.EINVAL)
	_, err = linux.FutexCmpRequeue(lock, 0, 1, new(atomic.Uint32), lock.Load(), private)
	want(t, "FutexCmpRequeue", err, syscall.EINVAL)
	op := linux.FutexOp(linux.FUTEX_OP_OR, 0, linux.FUTEX_OP_CMP_NE, 0)
	_, err = linux.FutexWakeOp(lock, 1, 1, new(atomic.Uint32), op, private)
	want(t, "FutexWakeOp, first word", err, syscall.EINVAL)
	_, err = linux.FutexWakeOp(new(atomic.Uint32), 1, 1, lock, op, private)
	want(t, "FutexWakeOp, second word", err, syscall.EINVAL)
	if _, err = linux.Futex2Wake(lock, matchAny, 1, linux.FUTEX2_SIZE_U32|private); err != syscall.ENOSYS && err != syscall.EPERM {
		want(t, "Futex2Wake", err, syscall.EINVAL)
	}
	want(t, "FutexUnlockPI", linux.FutexUnlockPI(lock, private), nil)
	waiter.end(t, nil)
}
