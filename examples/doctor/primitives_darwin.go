// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/darwin"
	"golang.org/x/sys/unix"
)

// systemVersion returns the name and version of the system, or "" if it is not known.
func systemVersion() string {
	if version, err := unix.Sysctl("kern.osproductversion"); err == nil {
		return "macOS " + version
	}
	return ""
}

// primitives returns what macOS has for locks.
func primitives() []primitive {
	return append([]primitive{
		{
			"os_unfair_lock", "10.12", "lock; waiters lend the owner their priority",
			func() error { return nil }, testUnfairLock, // it is in every system that Go runs on
		},
		{
			"os_unfair_lock, flags", "15.0", "spin while the owner runs",
			func() error {
				lock := new(darwin.UnfairLock)
				if err := darwin.UnfairLockLockWithFlags(lock, 0); err != nil {
					return err
				}
				darwin.UnfairLockUnlock(lock)
				return nil
			}, testUnfairLock,
		},
		{
			"os_sync_wait_on_address", "14.4", "sleep while a word holds a value: public",
			func() error {
				return nobody(darwin.SyncWakeByAddressAny(unsafe.Pointer(new(atomic.Uint32)), 4, 0))
			}, testSync,
		},
		{
			"__ulock_wait2", "11.0", "the same, as the system's own libraries do it",
			func() error {
				return nobody(darwin.UlockWake(darwin.UL_COMPARE_AND_WAIT, unsafe.Pointer(new(atomic.Uint32)), 0))
			}, testUlock,
		},
		{
			"pthread mutex and cond", "10.4", "lock, sleep and wake, on every system",
			func() error { return nil }, testPthread,
		},
		{
			"QoS classes", "10.10", "tell the scheduler how urgent a thread is",
			func() error { darwin.QosClassSelf(); return nil }, testQoS,
		},
		{
			"mach_absolute_time", "10.0", "the clock of deadlines",
			func() error { return nil }, testMachTime,
		},
	}, threadPrimitives()...)
}

// nobody turns the answer that no thread waits there into success: there is the call.
func nobody(err error) error {
	if err == syscall.ENOENT {
		return nil
	}
	return err
}

func testUnfairLock() error {
	lock, inside := new(darwin.UnfairLock), 0
	use := func() error {
		darwin.UnfairLockLock(lock)
		inside++
		darwin.UnfairLockUnlock(lock)
		return nil
	}
	a, b := thread.Spawn(use), thread.Spawn(use)
	if err := errors.Join(a.Join(), b.Join()); err != nil {
		return err
	}
	if inside != 2 {
		return fmt.Errorf("%d of 2 threads were inside", inside)
	}
	if !darwin.UnfairLockTrylock(lock) {
		return errors.New("it is still locked")
	}
	return nil
}

// wakesWaiter lets a thread wait on a word for as long as it is 0, and wakes it.
func wakesWaiter(wait func(unsafe.Pointer) (int, error), wake func(unsafe.Pointer) error) error {
	word := new(atomic.Uint32)
	sleeper := thread.Spawn(func() error {
		for word.Load() == 0 {
			_, err := wait(unsafe.Pointer(word))
			if err != nil && err != syscall.EINTR && err != syscall.EFAULT {
				return err
			}
		}
		return nil
	})
	word.Store(1)
	if err := nobody(wake(unsafe.Pointer(word))); err != nil {
		return err
	}
	return sleeper.Join()
}

func testSync() error {
	return wakesWaiter(
		func(word unsafe.Pointer) (int, error) { return darwin.SyncWaitOnAddress(word, 0, 4, 0) },
		func(word unsafe.Pointer) error { return darwin.SyncWakeByAddressAny(word, 4, 0) })
}

func testUlock() error {
	return wakesWaiter(
		func(word unsafe.Pointer) (int, error) {
			return darwin.UlockWait2(darwin.UL_COMPARE_AND_WAIT, word, 0, 0, 0)
		},
		func(word unsafe.Pointer) error { return darwin.UlockWake(darwin.UL_COMPARE_AND_WAIT, word, 0) })
}

func testPthread() error {
	mutex, cond, ready := new(darwin.PthreadMutex), new(darwin.PthreadCond), false
	if err := errors.Join(darwin.PthreadMutexInit(mutex, nil), darwin.PthreadCondInit(cond, nil)); err != nil {
		return err
	}
	sleeper := thread.Spawn(func() error {
		if err := darwin.PthreadMutexLock(mutex); err != nil {
			return err
		}
		for !ready {
			if err := darwin.PthreadCondWait(cond, mutex); err != nil {
				return err
			}
		}
		return darwin.PthreadMutexUnlock(mutex)
	})
	thread.Pin() // the thread that locks it has to unlock it
	defer thread.Unpin()
	if err := darwin.PthreadMutexLock(mutex); err != nil {
		return err
	}
	ready = true
	if err := errors.Join(darwin.PthreadMutexUnlock(mutex), darwin.PthreadCondSignal(cond)); err != nil {
		return err
	}
	if err := sleeper.Join(); err != nil {
		return err
	}
	return errors.Join(darwin.PthreadCondDestroy(cond), darwin.PthreadMutexDestroy(mutex))
}

func testQoS() error {
	return thread.Spawn(func() error {
		return darwin.PthreadSetQosClassSelfNp(darwin.QOS_CLASS_UTILITY, 0)
	}).Join()
}

func testMachTime() error {
	numer, denom := darwin.MachTimebaseInfo()
	if numer == 0 || denom == 0 {
		return fmt.Errorf("a tick is %d/%d ns", numer, denom)
	}
	before := darwin.MachAbsoluteTime()
	time.Sleep(nap)
	if after := darwin.MachAbsoluteTime(); after <= before {
		return fmt.Errorf("it went from %d to %d", before, after)
	}
	return nil
}
