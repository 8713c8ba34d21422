// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

const (
	anyMask = linux.FUTEX_BITSET_MATCH_ANY
	flags2  = linux.FUTEX2_SIZE_U32 | linux.FUTEX2_PRIVATE
)

// wakesSleeper lets a thread sleep, and calls wake until that has reached one.
func wakesSleeper(sleep func() error, wake func() (int, error)) error {
	sleeper := thread.Spawn(func() error { return caught(sleep) })
	if err := untilOne(wake); err != nil {
		return err
	}
	return sleeper.Join()
}

// untilOne calls wake until it says that it has reached one thread.
func untilOne(wake func() (int, error)) error {
	const patience = 3 * time.Second
	for begin := time.Now(); time.Since(begin) < patience; time.Sleep(nap / 10) {
		switch n, err := wake(); {
		case err != nil:
			return fmt.Errorf("wake: %w", err)
		case n == 1:
			return nil
		case n != 0:
			return fmt.Errorf("wake: reached %d threads, want 1", n)
		}
	}
	return errors.New("wake: no thread sleeps there")
}

func testWake() error {
	word := new(atomic.Uint32)
	return wakesSleeper(
		func() error { return linux.FutexWait(word, 0, nil, private) },
		func() (int, error) { return linux.FutexWake(word, 1, private) })
}

func testBitset() error {
	word := new(atomic.Uint32)
	if err := testDeadline(); err != nil {
		return err
	}
	return wakesSleeper(
		func() error { return linux.FutexWaitBitset(word, 0, nil, 2, private) },
		func() (int, error) {
			if n, err := linux.FutexWakeBitset(word, 1, 1, private); n != 0 || err != nil {
				return n, errors.Join(errors.New("another mask has woken"), err)
			}
			return linux.FutexWakeBitset(word, 1, 2, private)
		})
}

// testDeadline sleeps until a time that is a little ahead.
func testDeadline() error {
	var now linux.Timespec
	if err := linux.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		return err
	}
	end := now.Sec*1e9 + now.Nsec + int64(soon)
	deadline := linux.Timespec{Sec: end / 1e9, Nsec: end % 1e9}
	word, err := new(atomic.Uint32), error(syscall.EINTR)
	for err == nil || err == syscall.EINTR {
		err = linux.FutexWaitBitset(word, 0, &deadline, anyMask, private)
	}
	if err != syscall.ETIMEDOUT {
		return fmt.Errorf("a wait with a deadline ended with %v, want %v", err, syscall.ETIMEDOUT)
	}
	return nil
}

// testRequeue moves a sleeper to a second word and wakes it there.
func testRequeue() error {
	word, second := new(atomic.Uint32), new(atomic.Uint32)
	return wakesSleeper(
		func() error { return linux.FutexWait(word, 0, nil, private) },
		func() (int, error) {
			if n, err := linux.FutexCmpRequeue(word, 0, 1, second, 0, private); n != 1 {
				return n, err
			}
			return linux.FutexWake(second, 1, private)
		})
}

func testWakeOp() error {
	word, second := new(atomic.Uint32), new(atomic.Uint32)
	add := linux.FutexOp(linux.FUTEX_OP_ADD, 1, linux.FUTEX_OP_CMP_LT, 0)
	err := wakesSleeper(
		func() error { return linux.FutexWait(word, 0, nil, private) },
		func() (int, error) { return linux.FutexWakeOp(word, 1, 1, second, add, private) })
	if err == nil && second.Load() == 0 {
		err = errors.New("the second word has not changed")
	}
	return err
}

// testPI lets a thread wait for a lock that another one has, and get it.
func testPI(lock func(*atomic.Uint32, *linux.Timespec, uint32) error) error {
	word := new(atomic.Uint32)
	return thread.Spawn(func() error {
		if err := linux.FutexTrylockPI(word, private); err != nil {
			return fmt.Errorf("lock: %w", err)
		}
		waiter := thread.Spawn(func() error {
			if err := lock(word, nil, private); err != nil {
				return fmt.Errorf("lock, waiting: %w", err)
			}
			return unlockPI(word)
		})
		err := untilOne(func() (int, error) {
			return int(word.Load() & linux.FUTEX_WAITERS / linux.FUTEX_WAITERS), nil
		})
		if err != nil {
			return err
		}
		if err := unlockPI(word); err != nil {
			return err
		}
		return waiter.Join()
	}).Join()
}

// unlockPI releases a lock that the calling thread has, if the word says so, too.
func unlockPI(word *atomic.Uint32) error {
	if owner, self := word.Load()&linux.FUTEX_TID_MASK, uint32(linux.Gettid()); owner != self {
		return fmt.Errorf("thread %d has the lock, but the word says %d", self, owner)
	}
	if err := linux.FutexUnlockPI(word, private); err != nil {
		return fmt.Errorf("unlock: %w", err)
	}
	return nil
}

// testRequeuePI moves a sleeper to a free lock, which it then has.
func testRequeuePI() error {
	word, lock := new(atomic.Uint32), new(atomic.Uint32)
	return wakesSleeper(
		func() error {
			if err := linux.FutexWaitRequeuePI(word, 0, nil, lock, private); err != nil {
				return err
			}
			return unlockPI(lock)
		},
		func() (int, error) { return linux.FutexCmpRequeuePI(word, 1, 0, lock, 0, private) })
}

// testWaitv sleeps on two words, and wants to know which one was woken.
func testWaitv() error {
	words := []linux.FutexWaiter{
		{Addr: new(atomic.Uint32), Flags: flags2},
		{Addr: new(atomic.Uint32), Flags: flags2},
	}
	return wakesSleeper(
		func() error {
			i, err := linux.FutexWaitv(words, nil, unix.CLOCK_MONOTONIC, 0)
			if err == nil && i != 1 {
				err = fmt.Errorf("woken by word %d, want 1", i)
			}
			return err
		},
		func() (int, error) { return linux.FutexWake(words[1].Addr, 1, private) })
}

func testFutex2() error {
	words := &[2]linux.FutexWaiter{
		{Addr: new(atomic.Uint32), Flags: flags2},
		{Addr: new(atomic.Uint32), Flags: flags2},
	}
	return wakesSleeper(
		func() error {
			return linux.Futex2Wait(words[0].Addr, 0, anyMask, nil, unix.CLOCK_MONOTONIC, flags2)
		},
		func() (int, error) {
			if n, err := linux.Futex2Requeue(words, 0, 1, 0); n != 1 {
				return n, err
			}
			return linux.Futex2Wake(words[1].Addr, anyMask, 1, flags2)
		})
}

// A robust is a lock and the list that it stands in, in memory that Go does not manage: the
// kernel reads it when the thread has ended.
type robust struct {
	head  linux.RobustListHead
	entry linux.RobustList
	word  atomic.Uint32
}

// testRobustList lets a thread die that has a lock, while another one waits for it.
func testRobustList() error {
	page, err := unix.Mmap(-1, 0, os.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		return err
	}
	r := (*robust)(unsafe.Pointer(unsafe.SliceData(page))) // a page is aligned to anything
	locked, die := make(chan error, 1), make(chan struct{})
	go onDyingThread(func() {
		locked <- r.lock()
		<-die
	})
	if err := <-locked; err != nil {
		return err
	}
	word := r.word.Load() | linux.FUTEX_WAITERS
	r.word.Store(word)
	waiter := thread.Spawn(func() error {
		for r.word.Load() == word {
			// The kernel wakes robust locks as if other processes had them, too.
			if err := linux.FutexWait(&r.word, word, nil, 0); err != nil && err != syscall.EAGAIN {
				return err
			}
		}
		return nil
	})
	time.Sleep(nap)
	close(die)
	if err := waiter.Join(); err != nil {
		return err
	}
	if got := r.word.Load(); got != linux.FUTEX_WAITERS|linux.FUTEX_OWNER_DIED {
		return fmt.Errorf("the word is %#x after its owner's death, want WAITERS and OWNER_DIED", got)
	}
	return nil // the page stays: the kernel may not have done with it
}

// lock makes the calling thread the owner of r, and tells the kernel. That takes the list
// of a C library away from the thread, if there is one; the thread must not go back there.
func (r *robust) lock() error {
	r.head.List.Next = uintptr(unsafe.Pointer(&r.entry))
	r.entry.Next = uintptr(unsafe.Pointer(&r.head))
	r.head.FutexOffset = int(unsafe.Offsetof(r.word)) - int(unsafe.Offsetof(r.entry))
	r.word.Store(uint32(linux.Gettid()))
	return linux.SetRobustList(&r.head, unsafe.Sizeof(r.head))
}

// onDyingThread calls f in the calling goroutine, whose thread ends with it.
func onDyingThread(f func()) {
	runtime.LockOSThread() // no Unlock: so Go ends the thread
	if linux.Gettid() != os.Getpid() {
		f()
		return
	}
	// The first thread of a process never ends. The goroutine holds it until another one
	// has a thread of its own.
	elsewhere := make(chan struct{})
	go func() {
		runtime.LockOSThread()
		close(elsewhere)
		f()
	}()
	<-elsewhere
	runtime.UnlockOSThread()
}

func testMembarrier() error {
	commands, err := linux.Membarrier(linux.MEMBARRIER_CMD_QUERY, 0, 0)
	if err != nil {
		return err
	}
	if commands&linux.MEMBARRIER_CMD_PRIVATE_EXPEDITED == 0 { // before Linux 4.14
		_, err := linux.Membarrier(linux.MEMBARRIER_CMD_GLOBAL, 0, 0)
		return err
	}
	if _, err := linux.Membarrier(linux.MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0); err != nil {
		return err
	}
	_, err = linux.Membarrier(linux.MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0)
	return err
}
