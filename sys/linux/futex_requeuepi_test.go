// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"os"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// A condPI is a condition variable for a lock with priority inheritance, and threads
// that wait for it.
type condPI struct{ cond, lock *atomic.Uint32 }

func newCondPI(t *testing.T) condPI {
	t.Helper()
	skipSwapped(t)
	skipRequeue(t)
	c := condPI{new(atomic.Uint32), new(atomic.Uint32)}
	_, err := linux.FutexCmpRequeuePI(c.cond, 1, 0, c.lock, 0, private)
	skipMissing(t, err)
	return c
}

// wait starts a thread that waits and, if it then owns the lock, unlocks it.
func (c condPI) wait(deadline *linux.Timespec, flags uint32) *sleeper {
	return start(func() error {
		if err := linux.FutexWaitRequeuePI(c.cond, 0, deadline, c.lock, flags|private); err != nil {
			return err
		}
		return linux.FutexUnlockPI(c.lock, private)
	})
}

// awaitOne waits until a thread sleeps on the condition: the kernel then refuses wakes by other calls.
func (c condPI) awaitOne(t *testing.T) {
	t.Helper()
	await(t, "a thread to wait for the condition", func() bool {
		_, err := linux.FutexWake(c.cond, 1, private)
		return err == syscall.EINVAL
	})
}

func TestRequeuePI(t *testing.T) {
	c := newCondPI(t)
	tid := self(t)
	for _, held := range []bool{true, false} {
		for _, w := range []struct {
			deadline *linux.Timespec
			flags    uint32
		}{{nil, 0}, {after(unix.CLOCK_MONOTONIC, time.Hour), 0}, {after(unix.CLOCK_REALTIME, time.Hour), realtime}} {
			if held {
				c.lock.Store(tid)
			}
			var sleepers []*sleeper
			for range 3 {
				sleepers = append(sleepers, c.wait(w.deadline, w.flags))
			}
			moved := 0
			await(t, "three threads to be moved", func() bool {
				n, err := linux.FutexCmpRequeuePI(c.cond, 1, everyone, c.lock, 0, private)
				if err != nil {
					t.Fatal(err)
				}
				moved += n
				return moved == 3
			})
			if held {
				runtime.GC()
				for _, s := range sleepers {
					if !s.asleep() {
						t.Error("a thread has returned while another holds the lock")
					}
				}
				want(t, "unlock", linux.FutexUnlockPI(c.lock, private), nil)
			}
			for _, s := range sleepers {
				s.end(t, nil)
			}
			if got := c.lock.Load(); got != 0 {
				t.Errorf("all have unlocked, but the word is %#x", got)
			}
		}
	}
}

// Signals restart the wait for the condition.
func TestWaitRequeuePISignals(t *testing.T) {
	c := newCondPI(t)
	for _, deadline := range []*linux.Timespec{nil, after(unix.CLOCK_MONOTONIC, time.Hour)} {
		s := c.wait(deadline, 0)
		c.awaitOne(t)
		for range 20 {
			s.signal(t)
		}
		await(t, "the thread to be moved", func() bool {
			n, err := linux.FutexCmpRequeuePI(c.cond, 1, 0, c.lock, 0, private)
			if err != nil {
				t.Fatal(err)
			}
			return n == 1
		})
		s.end(t, nil)
	}
}

// A signal ends the wait of a moved thread for the lock.
func TestWaitRequeuePISignalAfterMove(t *testing.T) {
	c := newCondPI(t)
	c.lock.Store(self(t))
	s := c.wait(nil, 0)
	await(t, "the thread to be moved", func() bool {
		n, err := linux.FutexCmpRequeuePI(c.cond, 1, 1, c.lock, 0, private)
		if err != nil {
			t.Fatal(err)
		}
		return n == 1
	})
	await(t, "the signal to end the wait", func() bool { s.signal(t); return !s.asleep() })
	s.end(t, syscall.EAGAIN)
	want(t, "unlock", linux.FutexUnlockPI(c.lock, private), nil)
}

func TestWaitRequeuePITimesOut(t *testing.T) {
	c := newCondPI(t)
	tid := self(t)
	for _, w := range []struct {
		clockid int32
		flags   uint32
	}{{unix.CLOCK_MONOTONIC, 0}, {unix.CLOCK_REALTIME, realtime}} {
		c.lock.Store(0)
		c.wait(after(w.clockid, 5*time.Millisecond), w.flags).end(t, syscall.ETIMEDOUT)
		c.wait(&linux.Timespec{}, w.flags).end(t, syscall.ETIMEDOUT)
		if got := c.lock.Load(); got != 0 {
			t.Errorf("nobody owns the lock, but the word is %#x", got)
		}

		// The deadline covers the wait for the lock as well.
		c.lock.Store(tid)
		deadline := after(w.clockid, 20*time.Millisecond)
		s := c.wait(deadline, w.flags)
		moved := false
		await(t, "the thread to be moved, or to time out", func() bool {
			n, err := linux.FutexCmpRequeuePI(c.cond, 1, everyone, c.lock, 0, private)
			if err != nil {
				t.Fatal(err)
			}
			moved = moved || n == 1
			return moved || !s.asleep()
		})
		s.end(t, syscall.ETIMEDOUT)
		if moved {
			want(t, "unlock", linux.FutexUnlockPI(c.lock, private), nil)
		}
	}
}

func TestWaitRequeuePIErrors(t *testing.T) {
	c := newCondPI(t)
	call := func(addr *atomic.Uint32, val uint32, deadline *linux.Timespec, addr2 *atomic.Uint32, flags uint32) error {
		return linux.FutexWaitRequeuePI(addr, val, deadline, addr2, flags)
	}
	want(t, "other value", call(c.cond, 1, nil, c.lock, private), syscall.EAGAIN)
	want(t, "same words", call(c.cond, 0, nil, c.cond, private), syscall.EINVAL)
	want(t, "misaligned word", call(misaligned(), 0, nil, c.lock, private), syscall.EINVAL)
	want(t, "misaligned lock", call(c.cond, 0, nil, misaligned(), private), syscall.EINVAL)
	want(t, "negative deadline", call(c.cond, 0, &linux.Timespec{Sec: -1}, c.lock, private), syscall.EINVAL)
	want(t, "a second of nanoseconds", call(c.cond, 0, &linux.Timespec{Nsec: 1e9}, c.lock, private), syscall.EINVAL)
	if !timesConverted {
		badTime := (*linux.Timespec)(unsafe.Pointer(unreadable(t)))
		want(t, "unreadable deadline", call(c.cond, 0, badTime, c.lock, private), syscall.EFAULT)
	}
	want(t, "unreadable word", call(unreadable(t), 0, nil, c.lock, private), syscall.EFAULT)
	want(t, "unreadable shared lock", call(c.cond, 0, nil, unreadable(t), 0), syscall.EFAULT)
	want(t, "unknown flag", call(c.cond, 0, nil, c.lock, noSuchFlag), syscall.ENOSYS)
}

// TestCmpRequeuePIErrors leaves out errors that a test cannot provoke at will: ENOMEM, and the
// EAGAIN of an owner that is exiting.
func TestCmpRequeuePIErrors(t *testing.T) {
	c := newCondPI(t)
	word := func() *atomic.Uint32 { return new(atomic.Uint32) }
	for _, e := range []struct {
		name              string
		addr, addr2       *atomic.Uint32
		nrWake, nrRequeue uint32
		val, flags        uint32
		err               error
	}{
		{"other value", word(), word(), 1, 1, 1, private, syscall.EAGAIN},
		{"wake 0", word(), word(), 0, 1, 0, private, syscall.EINVAL},
		{"wake 2", word(), word(), 2, 1, 0, private, syscall.EINVAL},
		{"negative requeue count", word(), word(), 1, 1 << 31, 0, private, syscall.EINVAL},
		{"same words", c.cond, c.cond, 1, 1, 0, private, syscall.EINVAL},
		{"misaligned word", misaligned(), word(), 1, 1, 0, private, syscall.EINVAL},
		{"misaligned lock", word(), misaligned(), 1, 1, 0, private, syscall.EINVAL},
		{"unreadable word", unreadable(t), word(), 1, 1, 0, private, syscall.EFAULT},
		{"unreadable shared lock", word(), unreadable(t), 1, 1, 0, 0, syscall.EFAULT},
		{"unknown flag", word(), word(), 1, 1, 0, noSuchFlag, syscall.ENOSYS},
		{"clock flag", word(), word(), 1, 1, 0, realtime, syscall.ENOSYS},
	} {
		_, err := linux.FutexCmpRequeuePI(e.addr, e.nrWake, e.nrRequeue, e.addr2, e.val, e.flags)
		want(t, e.name, err, e.err)
	}

	s := c.wait(nil, 0)
	c.awaitOne(t)
	_, err := linux.FutexCmpRequeuePI(c.cond, 1, 1, word(), 0, private)
	want(t, "another lock", err, syscall.EINVAL)
	c.lock.Store(uint32(s.tid))
	_, err = linux.FutexCmpRequeuePI(c.cond, 1, 1, c.lock, 0, private)
	want(t, "waiter owns the lock", err, syscall.EDEADLK)
	c.lock.Store(noSuchThread)
	_, err = linux.FutexCmpRequeuePI(c.cond, 1, 1, c.lock, 0, private)
	want(t, "dead owner", err, syscall.ESRCH)
	if name, _ := os.ReadFile("/proc/2/comm"); string(name) == "kthreadd\n" {
		c.lock.Store(2)
		_, err = linux.FutexCmpRequeuePI(c.cond, 1, 1, c.lock, 0, private)
		want(t, "kernel thread", err, syscall.EPERM)
	} else {
		t.Logf("EPERM not tried: process 2 is %q, not the kernel's", name)
	}
	c.lock.Store(0)
	n, err := linux.FutexCmpRequeuePI(c.cond, 1, 1, c.lock, 0, private)
	wantCount(t, "all right", n, err, 1)
	s.end(t, nil)

	plain := start(func() error { return linux.FutexWait(c.cond, 0, nil, private) })
	awaitSleepers(t, c.cond, private, 1)
	_, err = linux.FutexCmpRequeuePI(c.cond, 1, 1, c.lock, 0, private)
	want(t, "thread in another operation", err, syscall.EINVAL)
	wake(t, c.cond, 1)
	plain.end(t, nil)
}
