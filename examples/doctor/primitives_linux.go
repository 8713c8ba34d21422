// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"syscall"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// systemVersion returns the name and version of the system, or "" if it is not known.
func systemVersion() string {
	var name unix.Utsname
	if unix.Uname(&name) != nil {
		return ""
	}
	return unix.ByteSliceToString(name.Sysname[:]) + " " + unix.ByteSliceToString(name.Release[:])
}

// primitives returns what Linux has for locks. That something is there is found out by a
// call that can neither block nor change anything: what it fails with tells.
func primitives() []primitive {
	rows := []primitive{
		{
			"FUTEX_WAIT, _WAKE", "2.6.0", "sleep while a word holds a value, and wake",
			probeWake, testWake,
		},
		{
			"FUTEX_WAIT_BITSET", "2.6.25", "the same up to a deadline: here osync sleeps",
			probeBitset, testBitset,
		},
		{
			"FUTEX_CMP_REQUEUE", "2.6.7", "move sleepers from one word to another",
			probeRequeue, testRequeue,
		},
		{
			"FUTEX_WAKE_OP", "2.6.14", "change a second word and wake, in one step",
			probeWakeOp, testWakeOp,
		},
		{
			"FUTEX_LOCK_PI", "2.6.18", "lock; waiters lend the owner their priority",
			probePI, func() error { return testPI(linux.FutexLockPI) },
		},
		{
			"FUTEX_CMP_REQUEUE_PI", "2.6.31", "move sleepers to such a lock",
			probeRequeuePI, testRequeuePI,
		},
		{
			"FUTEX_LOCK_PI2", "5.14", "lock so, with a deadline on any clock",
			probePI2, func() error { return testPI(linux.FutexLockPI2) },
		},
		{
			"futex_waitv", "5.16", "sleep on up to 128 words at a time",
			probeWaitv, testWaitv,
		},
		{
			"futex2", "6.7", "wait, wake and requeue with tidier flags",
			probeFutex2, testFutex2,
		},
		{
			"robust list", "2.6.17", "learn that the owner of a lock has died",
			probeRobustList, testRobustList,
		},
		{
			"membarrier", "4.3", "order the memory of all threads at once",
			probeMembarrier, testMembarrier,
		},
	}
	if unsafe.Sizeof(uintptr(0)) == 4 {
		rows = append(rows, primitive{
			"futex_time64", "5.1", "sleep beyond 2038 on 32-bit processors",
			probeTime64, testDeadline,
		})
	}
	return append(rows, threadPrimitives()...)
}

// private are the flags of words that one process uses.
const private = linux.FUTEX_PRIVATE_FLAG

// missing returns nil if a probe has failed with what a kernel answers that has the call.
func missing(err, want error) error {
	var errno syscall.Errno
	switch {
	case err == want:
		return nil
	case err == syscall.ENOSYS:
		return errors.New("ENOSYS: too old a kernel, or hidden by a sandbox")
	case err == syscall.EPERM:
		return errors.New("EPERM: forbidden, as by a container's filter")
	case errors.As(err, &errno):
		return fmt.Errorf("its probe ended with %s", unix.ErrnoName(errno))
	default:
		return fmt.Errorf("its probe ended with %v", err)
	}
}

func probeWake() error {
	_, err := linux.FutexWake(new(atomic.Uint32), 1, private)
	return missing(err, nil)
}

func probeBitset() error { // a mask of no bits
	err := linux.FutexWaitBitset(new(atomic.Uint32), 0, nil, 0, private)
	return missing(err, syscall.EINVAL)
}

func probeRequeue() error { // a word that does not hold the value
	_, err := linux.FutexCmpRequeue(new(atomic.Uint32), 0, 0, new(atomic.Uint32), 1, private)
	return missing(err, syscall.EAGAIN)
}

func probeWakeOp() error { // no thread sleeps
	op := linux.FutexOp(linux.FUTEX_OP_SET, 0, linux.FUTEX_OP_CMP_EQ, 0)
	_, err := linux.FutexWakeOp(new(atomic.Uint32), 1, 1, new(atomic.Uint32), op, private)
	return missing(err, nil)
}

func probePI() error {
	return probeOwnLock(func(word *atomic.Uint32) error { return linux.FutexTrylockPI(word, private) })
}

func probePI2() error {
	return probeOwnLock(func(word *atomic.Uint32) error { return linux.FutexLockPI2(word, nil, private) })
}

// probeOwnLock tries to take a lock that the calling thread has already.
func probeOwnLock(lock func(*atomic.Uint32) error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	word := new(atomic.Uint32)
	word.Store(uint32(linux.Gettid()))
	return missing(lock(word), syscall.EDEADLK)
}

func probeRequeuePI() error { // a word that does not hold the value
	_, err := linux.FutexCmpRequeuePI(new(atomic.Uint32), 1, 0, new(atomic.Uint32), 1, private)
	return missing(err, syscall.EAGAIN)
}

func probeWaitv() error { // no words
	_, err := linux.FutexWaitv(nil, nil, unix.CLOCK_MONOTONIC, 0)
	return missing(err, syscall.EINVAL)
}

func probeFutex2() error {
	word := new(atomic.Uint32)
	if _, err := linux.Futex2Wake(word, linux.FUTEX_BITSET_MATCH_ANY, 0, flags2); err != nil {
		return missing(err, nil)
	}
	// A mask of no bits, and flags that do not exist.
	if err := linux.Futex2Wait(word, 0, 0, nil, unix.CLOCK_MONOTONIC, flags2); err != syscall.EINVAL {
		return missing(err, syscall.EINVAL)
	}
	_, err := linux.Futex2Requeue(new([2]linux.FutexWaiter), 0, 0, 1)
	return missing(err, syscall.EINVAL)
}

func probeRobustList() error {
	_, _, err := linux.GetRobustList(0)
	return missing(err, nil)
}

func probeMembarrier() error {
	_, err := linux.Membarrier(linux.MEMBARRIER_CMD_QUERY, 0, 0)
	return missing(err, nil)
}

func probeTime64() error {
	// System calls of these years have one number on all processors, but for a constant
	// that MIPS adds. Package unix has this one only where it exists.
	const trap = unix.SYS_FUTEX_WAITV - 449 + 422
	word := new(atomic.Uint32)
	_, _, errno := syscall.RawSyscall6(trap, uintptr(unsafe.Pointer(word)), linux.FUTEX_WAKE|private, 1, 0, 0, 0)
	if errno != 0 {
		return missing(errno, nil)
	}
	return nil
}
