// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"runtime"

	"github.com/osync-go/osync/internal/handon"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/native"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/sys/futex"
)

// locksOfOsync are the rows of the second table, from the kernel upward.
func locksOfOsync() []lock {
	return []lock{
		kernelWait(),
		parked("locks/park", testPark),
		parked("locks.Mutex", func(c crew) error { return testMutex(c, new(locks.Mutex)) }),
		parked("locks.RWMutex", func(c crew) error { return testRWMutex(c, new(locks.RWMutex)) }),
		parked("locks.Cond", func(c crew) error {
			mu := new(locks.Mutex)
			return testCond(c, mu, locks.NewCond(mu))
		}),
		parked("locks.WaitGroup", testWaitGroup),
		parked("locks.Once", testOnce),
		ownedByThread("native.Mutex", func(c crew) error { return testMutex(c, new(native.Mutex)) }),
		ownedByThread("native.RWMutex", func(c crew) error { return testRWMutex(c, new(native.RWMutex)) }),
		ownedByThread("native.Cond", func(c crew) error {
			mu := new(native.Mutex)
			return testCond(c, mu, native.NewCond(mu))
		}),
	}
}

// kernelWait is the row of package futex, on which everything stands that sleeps in the
// kernel.
func kernelWait() lock {
	l := lock{name: "sys/futex", goroutines: kernel(), threads: kernel(), why: "the kernel's wait itself, on which the others stand"}
	if !futex.Supported(futex.Private) {
		l.absent = fmt.Errorf("osync has no kernel wait on %s yet", runtime.GOOS)
	}
	l.tests = []selfTest{{"in a process", func() error { return testFutex(futex.Private) }}}
	if futex.Supported(futex.Shared) {
		l.tests = append(l.tests, selfTest{"shared", func() error { return testFutex(futex.Shared) }})
	}
	return l
}

func kernel() string { return "kernel (" + futex.Backend() + ")" }

// ownKernel names what a lock of package native stands on.
func ownKernel(name string) string {
	switch {
	case runtime.GOOS == "windows" && name == "native.Cond":
		return "kernel (CONDITION_VARIABLE)"
	case runtime.GOOS == "windows":
		return "kernel (SRWLOCK)"
	case runtime.GOOS == "darwin" && name == "native.Mutex":
		return "kernel (os_unfair_lock)"
	}
	return kernel()
}

// parked is the row of a lock that waits through package park.
func parked(name string, test func(c crew) error) lock {
	const scheduler = "Go scheduler"
	l := lock{name: name, goroutines: scheduler, threads: park.Backend(), why: whyParked(), tests: byCrews(test)}
	if l.threads == "scheduler" {
		l.threads = scheduler
	}
	return l
}

// whyParked says why package park lets a waiting goroutine sleep where it does.
func whyParked() string {
	const always = "a goroutine in the Go scheduler costs no thread; "
	switch {
	case !futex.Supported(futex.Private):
		return always + "a pinned thread waits there too: osync has no kernel wait here yet"
	case park.Backend() == "scheduler":
		return always + "a pinned thread waits there too: in the kernel it would keep the only processor (GOMAXPROCS)"
	case handon.Works:
		return always + "a pinned thread sleeps as the thread it is, and leaves its processor to goroutines"
	default:
		return always + "a pinned thread sleeps as the thread it is, and the scheduler's monitor takes its processor away"
	}
}

// ownedByThread is the row of a lock of package native.
func ownedByThread(name string, test func(c crew) error) lock {
	return lock{
		name: name, goroutines: ownKernel(name), threads: ownKernel(name),
		why:    "a native lock belongs to a thread, and a waiter blocks its thread",
		absent: native.Supported(), tests: byCrews(test),
	}
}
