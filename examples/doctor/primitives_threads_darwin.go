// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"runtime"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/darwin"
)

// threadPrimitives returns what macOS has for threads: other ways to sleep and to wake, and what it can do for one.
func threadPrimitives() []primitive {
	there := func() error { return nil } // in every system that Go runs on
	return []primitive{
		{
			"pthread_rwlock", "10.4", "lock for readers and writers",
			there, testRwlock,
		},
		{
			"mutex attributes", "10.4", "find mistakes, lock again, serve in order",
			there, testMutexAttributes,
		},
		{
			"Mach semaphore", "10.0", "count in the kernel; wake a thread of your choice",
			there, testMachSemaphore,
		},
		{
			"dispatch semaphore", "10.6", "count in the process; the kernel only to sleep",
			there, testDispatchSemaphore,
		},
		{
			"time constraint policy", "10.0", "make a thread a real-time one: anybody may",
			there, testTimeConstraint,
		},
		{
			"precedence policy", "10.0", "make a thread more or less urgent than others",
			there, testPrecedence,
		},
		{
			"affinity policy", "10.5", "let threads share a cache: Intel only",
			func() error {
				_, _, err := darwin.ThreadPolicyGet(darwin.PthreadMachThreadNp(darwin.PthreadSelf()), darwin.THREAD_AFFINITY_POLICY,
					unsafe.Pointer(new(darwin.ThreadAffinityPolicy)), darwin.THREAD_AFFINITY_POLICY_COUNT, true)
				return err
			}, testAffinity,
		},
		{
			"os_workgroup", "11.0", "schedule several threads as one, as audio wants it",
			there, testWorkgroup,
		},
		{
			"audio work interval", "11.0", "tell the system when a period starts and ends",
			probeInterval, testInterval,
		},
		{
			"mach_wait_until", "10.0", "sleep until a tick of the clock",
			there, testWaitUntil,
		},
		{
			"mach_continuous_time", "10.12", "the clock that goes on while the machine sleeps",
			there, testContinuousTime,
		},
	}
}

func testRwlock() error {
	lock := new(darwin.PthreadRwlock)
	if err := darwin.PthreadRwlockInit(lock, nil); err != nil {
		return err
	}
	thread.Pin() // the thread that locks it has to unlock it
	defer thread.Unpin()
	if err := errors.Join(darwin.PthreadRwlockRdlock(lock), darwin.PthreadRwlockTryrdlock(lock)); err != nil {
		return err
	}
	writer := thread.Spawn(func() error {
		return errors.Join(darwin.PthreadRwlockWrlock(lock), darwin.PthreadRwlockUnlock(lock))
	})
	if err := errors.Join(darwin.PthreadRwlockUnlock(lock), darwin.PthreadRwlockUnlock(lock)); err != nil {
		return err
	}
	return errors.Join(writer.Join(), darwin.PthreadRwlockDestroy(lock))
}

func testMutexAttributes() error {
	attributes, mutex := new(darwin.PthreadMutexattr), new(darwin.PthreadMutex)
	if err := errors.Join(
		darwin.PthreadMutexattrInit(attributes),
		darwin.PthreadMutexattrSetpolicyNp(attributes, darwin.PTHREAD_MUTEX_POLICY_FAIRSHARE_NP),
		darwin.PthreadMutexattrSettype(attributes, darwin.PTHREAD_MUTEX_RECURSIVE),
		darwin.PthreadMutexInit(mutex, attributes),
		darwin.PthreadMutexattrDestroy(attributes)); err != nil {
		return err
	}
	thread.Pin()
	defer thread.Unpin()
	return errors.Join(
		darwin.PthreadMutexLock(mutex), darwin.PthreadMutexLock(mutex),
		darwin.PthreadMutexUnlock(mutex), darwin.PthreadMutexUnlock(mutex),
		darwin.PthreadMutexDestroy(mutex))
}

func testMachSemaphore() error {
	task := darwin.MachTaskSelf()
	semaphore, err := darwin.SemaphoreCreate(task, darwin.SYNC_POLICY_FIFO, 0)
	if err != nil {
		return err
	}
	sleeper := thread.Spawn(func() error {
		err := darwin.SemaphoreWait(semaphore)
		for ; err == darwin.KERN_ABORTED; err = darwin.SemaphoreWait(semaphore) {
		}
		return err
	})
	return errors.Join(darwin.SemaphoreSignal(semaphore), sleeper.Join(), darwin.SemaphoreDestroy(task, semaphore))
}

func testDispatchSemaphore() error {
	semaphore, err := darwin.DispatchSemaphoreCreate(0)
	if err != nil {
		return err
	}
	defer darwin.DispatchRelease(semaphore)
	sleeper := thread.Spawn(func() error {
		if !darwin.DispatchSemaphoreWait(semaphore, darwin.DISPATCH_TIME_FOREVER) {
			return errors.New("a wait without a limit gave up")
		}
		return nil
	})
	darwin.DispatchSemaphoreSignal(semaphore)
	if err := sleeper.Join(); err != nil {
		return err
	}
	if darwin.DispatchSemaphoreWait(semaphore, darwin.DispatchTime(darwin.DISPATCH_TIME_NOW, int64(nap))) {
		return errors.New("two waits went through for one signal")
	}
	return nil
}

// setPolicy sets a policy of the calling thread, reads it into got, and returns an error unless it is what was set.
func setPolicy[P comparable](flavor int32, count uint32, set P) error {
	self, got := darwin.PthreadMachThreadNp(darwin.PthreadSelf()), new(P)
	if err := darwin.ThreadPolicySet(self, flavor, unsafe.Pointer(&set), count); err != nil {
		return err
	}
	if _, isDefault, err := darwin.ThreadPolicyGet(self, flavor, unsafe.Pointer(got), count, false); err != nil || isDefault || *got != set {
		return errors.Join(err, fmt.Errorf("%+v became %+v", set, *got))
	}
	return nil
}

// onAThread runs f on a thread that ends with it, and with the policies that f gave it.
func onAThread(f func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // and never unlocked
		done <- f()
	}()
	return <-done
}

// ticksOf returns a duration in ticks of the clock of waits.
func ticksOf(d time.Duration) uint64 {
	numer, denom := darwin.MachTimebaseInfo()
	return uint64(d) * uint64(denom) / uint64(numer)
}

// setRealtime gives the calling thread the policy of one that needs 1 ms of every 10, within 2.
func setRealtime() error {
	ms := uint32(ticksOf(time.Millisecond))
	return setPolicy(darwin.THREAD_TIME_CONSTRAINT_POLICY, darwin.THREAD_TIME_CONSTRAINT_POLICY_COUNT,
		darwin.ThreadTimeConstraintPolicy{Period: 10 * ms, Computation: ms, Constraint: 2 * ms, Preemptible: 1})
}

func testTimeConstraint() error { return onAThread(setRealtime) }

func testPrecedence() error {
	return onAThread(func() error {
		return setPolicy(darwin.THREAD_PRECEDENCE_POLICY, darwin.THREAD_PRECEDENCE_POLICY_COUNT, darwin.ThreadPrecedencePolicy{Importance: -1})
	})
}

func testAffinity() error {
	return onAThread(func() error {
		return setPolicy(darwin.THREAD_AFFINITY_POLICY, darwin.THREAD_AFFINITY_POLICY_COUNT, darwin.ThreadAffinityPolicy{AffinityTag: 1})
	})
}

// inWorkgroup calls f on a real-time thread that is a member of the workgroup, and releases that.
func inWorkgroup(workgroup darwin.Workgroup, err error, f func() error) error {
	if err != nil {
		return err
	}
	defer darwin.Release(workgroup)
	return onAThread(func() error {
		var token darwin.WorkgroupJoinToken
		if err := errors.Join(setRealtime(), darwin.WorkgroupJoin(workgroup, &token)); err != nil {
			return err
		}
		defer darwin.WorkgroupLeave(workgroup, &token)
		return f()
	})
}

func testWorkgroup() error {
	workgroup, err := darwin.WorkgroupParallelCreate("doctor")
	return inWorkgroup(workgroup, err, func() error {
		if n := darwin.WorkgroupMaxParallelThreads(workgroup); n < 1 {
			return fmt.Errorf("it wants %d threads", n)
		}
		return nil
	})
}

func probeInterval() error {
	workgroup, err := darwin.AudioWorkIntervalCreate("doctor", darwin.OS_CLOCK_MACH_ABSOLUTE_TIME)
	if err == nil {
		darwin.Release(workgroup)
	}
	return err
}

func testInterval() error {
	workgroup, err := darwin.AudioWorkIntervalCreate("doctor", darwin.OS_CLOCK_MACH_ABSOLUTE_TIME)
	return inWorkgroup(workgroup, err, func() error {
		now := darwin.MachAbsoluteTime()
		return errors.Join(
			darwin.WorkgroupIntervalStart(workgroup, now, now+ticksOf(time.Second)),
			darwin.WorkgroupIntervalUpdate(workgroup, now+ticksOf(time.Minute)),
			darwin.WorkgroupIntervalFinish(workgroup))
	})
}

func testWaitUntil() error {
	deadline := darwin.MachAbsoluteTime() + ticksOf(nap)
	err := darwin.MachWaitUntil(deadline)
	for ; err == darwin.KERN_ABORTED; err = darwin.MachWaitUntil(deadline) {
	}
	if now := darwin.MachAbsoluteTime(); err == nil && now < deadline {
		err = fmt.Errorf("it ended %d ticks early", deadline-now)
	}
	return err
}

func testContinuousTime() error {
	before := darwin.MachContinuousTime()
	time.Sleep(nap)
	if after := darwin.MachContinuousTime(); after <= before {
		return fmt.Errorf("it went from %d to %d", before, after)
	}
	return nil
}
