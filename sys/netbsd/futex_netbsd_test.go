// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package netbsd

import (
	"errors"
	"math"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

func skipWithoutFutex(t *testing.T) {
	t.Helper()
	if !hasFutex() {
		t.Skip("this kernel is older than NetBSD 10")
	}
}

// TestWithoutFutex checks that an older kernel gets no call that is unknown to it.
func TestWithoutFutex(t *testing.T) {
	if hasFutex() {
		t.Skip("this kernel has a futex")
	}
	word := new(atomic.Uint32)
	if err := FutexWait(word, 1, nil, 0); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("FutexWait = %v", err)
	}
	if _, err := FutexWake(word, 1, 0); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("FutexWake = %v", err)
	}
	if _, err := FutexWakeBitset(word, 1, 1, 0); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("FutexWakeBitset = %v", err)
	}
	if err := FutexSetRobustList(new(RobustListHead), 0); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("FutexSetRobustList = %v", err)
	}
	if _, _, err := FutexGetRobustList(0); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("FutexGetRobustList = %v", err)
	}
}

// page returns mapped memory, and memory that is not mapped any more.
func page(t *testing.T) (mapped, gone unsafe.Pointer) {
	t.Helper()
	size := syscall.Getpagesize()
	mem, err := unix.Mmap(-1, 0, 2*size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	mapped, gone = unsafe.Pointer(&mem[0]), unsafe.Pointer(&mem[size])
	if err := unix.Mprotect(mem[size:], unix.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	return mapped, gone
}

func TestFutexErrors(t *testing.T) {
	skipWithoutFutex(t)
	mapped, gone := page(t)
	word, other := (*atomic.Uint32)(mapped), new(atomic.Uint32)
	odd := (*atomic.Uint32)(unsafe.Add(mapped, 2))
	hidden := (*atomic.Uint32)(gone)
	const private = FUTEX_PRIVATE_FLAG
	past, soon := unix.Timespec{Sec: 1}, unix.Timespec{Nsec: 1e6}
	count := func(_ int, err error) error { return err }
	for _, c := range []struct {
		name      string
		got, want error
	}{
		{"a word that differs", FutexWait(word, 1, nil, private), syscall.EAGAIN},
		{"the end of a timeout", FutexWait(word, 0, &soon, private), syscall.ETIMEDOUT},
		{"a timeout that cannot be read", FutexWait(word, 0, (*unix.Timespec)(gone), private), syscall.EFAULT},
		{"another operation", FutexWait(word, 0, nil, FUTEX_LOCK_PI), syscall.ENOSYS},
		{"a deadline in the past", FutexWaitBitset(word, 0, &past, FUTEX_BITSET_MATCH_ANY, private), syscall.ETIMEDOUT},
		{"a zero mask", FutexWaitBitset(word, 0, nil, 0, private), syscall.EINVAL},
		{"a wake of too many", count(FutexWake(word, 1<<31, private)), syscall.EINVAL},
		{"a wake at an odd word", count(FutexWake(odd, 1, private)), syscall.EINVAL},
		{"a wake where nothing is mapped", count(FutexWake(hidden, 1, private)), nil},
		{"a wake of no bit", count(FutexWakeBitset(word, 1, 0, private)), nil},
		{"a requeue of too many", count(FutexRequeue(word, 1, 1<<31, other, private)), syscall.EINVAL},
		{"a requeue of none", count(FutexRequeue(word, 1, math.MaxInt32, other, private)), nil},
		{"an unknown instruction", count(FutexWakeOp(word, 1, 1, other, FutexOp(7, 0, 0, 0), private)), syscall.EINVAL},
		{"an unknown comparison", count(FutexWakeOp(word, 1, 1, other, FutexOp(0, 0, 9, 0), private)), syscall.EINVAL},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
	if err := FutexWait(odd, 0, nil, private); err != syscall.EINVAL && err != syscall.EAGAIN && err != syscall.EFAULT {
		t.Errorf("an odd word: %v, want %v, or %v on arm", err, syscall.EINVAL, syscall.EAGAIN)
	}
	if err := FutexWait(hidden, 0, nil, private); err != syscall.EAGAIN && err != syscall.EFAULT {
		t.Errorf("a word that cannot be read: %v, want %v or %v", err, syscall.EAGAIN, syscall.EFAULT)
	}
	if _, err := FutexWakeOp(word, 1, 1, other, FutexOp(FUTEX_OP_ADD, 5, FUTEX_OP_CMP_EQ, 0), private); err != nil || other.Load() != 5 {
		t.Errorf("FutexWakeOp = %v, and the word is %d, want 5", err, other.Load())
	}
}

// sleepers lets n threads sleep on word, and returns a channel with their results.
func sleepers(word *atomic.Uint32, n int) <-chan error {
	ended := make(chan error, n)
	for range n {
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			ended <- FutexWait(word, 0, nil, FUTEX_PRIVATE_FLAG)
		}()
	}
	return ended
}

// until calls f until its results add up to n threads.
func until(t *testing.T, n int, f func() (int, error)) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); n > 0; time.Sleep(time.Millisecond) {
		got, err := f()
		if n -= got; err != nil || time.Now().After(end) {
			t.Fatalf("%d threads are left, %v", n, err)
		}
	}
}

func TestFutexWake(t *testing.T) {
	skipWithoutFutex(t)
	word := new(atomic.Uint32)
	ended := sleepers(word, 3)
	until(t, 2, func() (int, error) { return FutexWake(word, 1, FUTEX_PRIVATE_FLAG) })
	until(t, 1, func() (int, error) { return FutexWakeBitset(word, math.MaxInt32, 1, FUTEX_PRIVATE_FLAG) })
	for range 3 {
		if err := <-ended; err != nil {
			t.Errorf("FutexWait = %v", err)
		}
	}
}

// TestFutexCmpRequeue moves a sleeper from one word to another, where it is woken.
func TestFutexCmpRequeue(t *testing.T) {
	skipWithoutFutex(t)
	word, other := new(atomic.Uint32), new(atomic.Uint32)
	ended := sleepers(word, 2)
	until(t, 1, func() (int, error) { return FutexWake(word, 1, FUTEX_PRIVATE_FLAG) })
	if err := <-ended; err != nil {
		t.Errorf("FutexWait = %v", err)
	}
	until(t, 1, func() (int, error) {
		if _, err := FutexCmpRequeue(word, 0, math.MaxInt32, other, 0, FUTEX_PRIVATE_FLAG); err != nil {
			return 0, err
		}
		return FutexWake(other, 1, FUTEX_PRIVATE_FLAG)
	})
	if err := <-ended; err != nil {
		t.Errorf("FutexWait = %v", err)
	}
	ended = sleepers(word, 1)
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) { // only a sleeping thread causes EAGAIN
		if _, err := FutexCmpRequeue(word, 0, 0, other, 1, FUTEX_PRIVATE_FLAG); err == syscall.EAGAIN {
			break
		} else if err != nil || time.Now().After(end) {
			t.Fatalf("FutexCmpRequeue with another value = %v, want %v", err, syscall.EAGAIN)
		}
	}
	until(t, 1, func() (int, error) { return FutexWake(word, 1, FUTEX_PRIVATE_FLAG) })
	<-ended
}

// TestFutexRobustList ends a thread that holds a robust lock.
func TestFutexRobustList(t *testing.T) {
	skipWithoutFutex(t)
	type lock struct {
		list RobustList
		word atomic.Uint32
	}
	mapped, _ := page(t)
	head, held := (*RobustListHead)(mapped), (*lock)(unsafe.Add(mapped, 256))
	owner := make(chan uint32)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		me := uint32(LwpSelf())
		head.List.Next = uintptr(unsafe.Pointer(&held.list))
		held.list.Next = uintptr(unsafe.Pointer(&head.List))
		head.FutexOffset = int(unsafe.Offsetof(held.word))
		held.word.Store(me)
		if err := FutexSetRobustList(head, 1); err != syscall.EINVAL {
			t.Errorf("FutexSetRobustList with a wrong length = %v, want %v", err, syscall.EINVAL)
		}
		if err := FutexSetRobustList(head, unsafe.Sizeof(*head)); err != nil {
			t.Errorf("FutexSetRobustList = %v", err)
		}
		if got, length, err := FutexGetRobustList(0); err != nil || got != uintptr(mapped) || length != unsafe.Sizeof(*head) {
			t.Errorf("FutexGetRobustList = %#x, %d, %v, want %p", got, length, err, head)
		}
		owner <- me
	}()
	me := <-owner
	for end := time.Now().Add(30 * time.Second); held.word.Load()&FUTEX_OWNER_DIED == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the word is %#x after its owner %d has ended", held.word.Load(), me)
		}
	}
	if got := held.word.Load() & FUTEX_TID_MASK; got != me {
		t.Errorf("the word names %d, want %d", got, me)
	}
	if _, _, err := FutexGetRobustList(math.MaxInt32); err != syscall.ESRCH {
		t.Errorf("FutexGetRobustList of no thread = %v, want %v", err, syscall.ESRCH)
	}
}
