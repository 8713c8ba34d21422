// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"math/bits"
	"os"
	"slices"
	"sync/atomic"
	"syscall"
	"unsafe"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// threadPrimitives returns what Linux has beyond sleeping and waking: for robust locks, for the table of sleepers, and
// for a thread.
func threadPrimitives() []primitive {
	return []primitive{
		{
			"robust unlock", "7.2", "release such a lock, and be killed at any time",
			probeRobustUnlock, testRobustUnlock,
		},
		{
			"FUTEX2_NUMA", "6.16", "keep a word's sleepers on a NUMA node",
			probeNUMA, testNUMA,
		},
		{
			"PR_FUTEX_HASH", "6.17", "size the table of the process's sleepers",
			probeFutexHash, probeFutexHash,
		},
		{
			"rseq", "4.18", "read the number of one's CPU in memory",
			probeRseq, testRseq,
		},
		{
			"sched_setaffinity", "2.5.8", "run a thread on some CPUs, of any number",
			probeAffinity, testAffinity,
		},
		{
			"PR_SET_TIMERSLACK", "2.6.28", "let a thread's sleeps end on time",
			probeTimerslack, testTimerslack,
		},
	}
}

// tooOld is missing for calls that older kernels answer by EINVAL.
func tooOld(err error) error {
	if err == syscall.EINVAL {
		return errors.New("EINVAL: too old a kernel, or built without it")
	}
	return missing(err, nil)
}

func probeRobustUnlock() error { // a mask of no bits
	_, err := linux.FutexUnlockBitsetList(new(atomic.Uint32), 1, new(uintptr), 0, private)
	return missing(err, syscall.EINVAL)
}

// testRobustUnlock releases a lock that no thread waits for.
func testRobustUnlock() error {
	word, pending := new(atomic.Uint32), new(uintptr)
	word.Store(uint32(linux.Gettid()))
	*pending = 1
	if n, err := linux.FutexUnlockWakeList(word, 1, pending, private); n != 0 || err != nil {
		return fmt.Errorf("unlock: %d threads woken, %w", n, err)
	}
	if word.Load() != 0 || *pending != 0 {
		return fmt.Errorf("after the unlock the word is %#x, and %#x is pending", word.Load(), *pending)
	}
	return nil
}

const flagsNUMA = flags2 | linux.FUTEX2_NUMA

func newNUMA() *linux.FutexNUMA {
	pair := new(linux.FutexNUMA)
	pair.Node.Store(linux.FUTEX_NO_NODE)
	return pair
}

func probeNUMA() error {
	_, err := linux.Futex2Wake(&newNUMA().Word, anyMask, 1, flagsNUMA)
	return tooOld(err)
}

// testNUMA sleeps on a word whose node the kernel chooses.
func testNUMA() error {
	pair := newNUMA()
	err := wakesSleeper(
		func() error { return linux.Futex2Wait(&pair.Word, 0, anyMask, nil, unix.CLOCK_MONOTONIC, flagsNUMA) },
		func() (int, error) { return linux.Futex2Wake(&pair.Word, anyMask, 1, flagsNUMA) })
	if err == nil && pair.Node.Load() == linux.FUTEX_NO_NODE {
		err = errors.New("the kernel has not said which node it has chosen")
	}
	return err
}

// probeFutexHash asks for the size of the table. It sets none, since that is for good.
func probeFutexHash() error {
	slots, err := linux.PrctlFutexHashGetSlots()
	if err == nil && slots == 0 {
		return errors.New("the process has no table of its own: this kernel was built without")
	}
	return tooOld(err)
}

func probeRseq() error { // nothing that could be taken away
	return missing(linux.Rseq(nil, 0, 0, linux.RSEQ_FLAG_UNREGISTER), syscall.EINVAL)
}

// testRseq compares the number of the CPU with the only one that a thread may run on.
func testRseq() error {
	page, err := unix.Mmap(-1, 0, os.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		return err
	}
	area := (*linux.RseqArea)(unsafe.Pointer(unsafe.SliceData(page))) // a page is aligned to anything
	const sig = 0x05c11
	size := uint32(unsafe.Sizeof(*area))
	err = thread.Spawn(func() error {
		switch err := linux.Rseq(area, size, sig, 0); err {
		case nil:
		case syscall.EINVAL: // the C library has done so already
			return nil
		default:
			return fmt.Errorf("register: %w", err)
		}
		if err := readsCPU(area); err != nil {
			return err
		}
		if err := linux.Rseq(area, size, sig, linux.RSEQ_FLAG_UNREGISTER); err != nil {
			return fmt.Errorf("unregister: %w", err)
		}
		return nil
	}).Join()
	return errors.Join(err, unix.Munmap(page))
}

func readsCPU(area *linux.RseqArea) error {
	mask := make([]uintptr, 1<<12)
	if _, err := linux.SchedGetaffinity(0, mask); err != nil {
		return err
	}
	i := slices.IndexFunc(mask, func(w uintptr) bool { return w != 0 })
	bit := bits.TrailingZeros64(uint64(mask[i]))
	only := make([]uintptr, i+1)
	only[i] = 1 << bit
	if err := linux.SchedSetaffinity(0, only); err != nil {
		return err
	}
	if got, want := int(area.CPUID.Load()), i*bits.UintSize+bit; got != want {
		return fmt.Errorf("the area says CPU %d, the thread is on CPU %d", got, want)
	}
	return linux.SchedSetaffinity(0, mask)
}

func probeAffinity() error { // a mask that is too short
	_, err := linux.SchedGetaffinity(0, nil)
	return missing(err, syscall.EINVAL)
}

// testAffinity lets a thread run where it may run already.
func testAffinity() error {
	return thread.Spawn(func() error {
		mask := make([]uintptr, 1<<12)
		if _, err := linux.SchedGetaffinity(0, mask); err != nil {
			return err
		}
		if err := linux.SchedSetaffinity(0, mask); err != nil {
			return err
		}
		again := make([]uintptr, len(mask))
		if _, err := linux.SchedGetaffinity(0, again); err != nil {
			return err
		}
		if !slices.Equal(again, mask) {
			return errors.New("the CPUs are not those that were set")
		}
		return nil
	}).Join()
}

func probeTimerslack() error {
	_, err := linux.PrctlGetTimerslack()
	return missing(err, nil)
}

// testTimerslack takes the slack from a thread, and gives it back.
func testTimerslack() error {
	return thread.Spawn(func() error {
		before, err := linux.PrctlGetTimerslack()
		if err != nil || before == 0 { // of a real-time thread
			return err
		}
		if err := linux.PrctlSetTimerslack(1); err != nil {
			return err
		}
		if got, err := linux.PrctlGetTimerslack(); got != 1 || err != nil {
			return fmt.Errorf("the slack is %d ns, %w, want 1", got, err)
		}
		return linux.PrctlSetTimerslack(before)
	}).Join()
}
