// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"math"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// A wait is a call that sleeps while a word holds a value, and that FutexWake ends.
type wait struct {
	name     string
	clockid  int32 // of the deadline
	relative bool  // the limit is a duration
	restarts bool  // a signal does not end a timed wait
	younger  bool  // than the kernels of the other calls
	call     func(addr *atomic.Uint32, val uint32, limit *linux.Timespec, flags uint32) error
}

var waits = []wait{
	{
		name: "FutexWait", clockid: unix.CLOCK_MONOTONIC, relative: true,
		call: linux.FutexWait,
	},
	{
		name: "FutexWaitBitset", clockid: unix.CLOCK_MONOTONIC,
		call: func(addr *atomic.Uint32, val uint32, limit *linux.Timespec, flags uint32) error {
			return linux.FutexWaitBitset(addr, val, limit, matchAny, flags)
		},
	},
	{
		name: "FutexWaitBitset realtime", clockid: unix.CLOCK_REALTIME,
		call: func(addr *atomic.Uint32, val uint32, limit *linux.Timespec, flags uint32) error {
			return linux.FutexWaitBitset(addr, val, limit, matchAny, flags|realtime)
		},
	},
	{
		name: "FutexWaitBitsetHandingOn", clockid: unix.CLOCK_MONOTONIC,
		call: func(addr *atomic.Uint32, val uint32, limit *linux.Timespec, flags uint32) error {
			return linux.FutexWaitBitsetHandingOn(addr, val, limit, matchAny, flags)
		},
	},
	waitv("FutexWaitv", unix.CLOCK_MONOTONIC),
	waitv("FutexWaitv realtime", unix.CLOCK_REALTIME),
	futex2("Futex2Wait", unix.CLOCK_MONOTONIC),
	futex2("Futex2Wait realtime", unix.CLOCK_REALTIME),
}

func waitv(name string, clockid int32) wait {
	return wait{
		name: name, clockid: clockid, restarts: true, younger: true,
		call: func(addr *atomic.Uint32, val uint32, limit *linux.Timespec, flags uint32) error {
			w := []linux.FutexWaiter{{Val: uint64(val), Addr: addr, Flags: linux.FUTEX2_SIZE_U32 | flags}}
			_, err := linux.FutexWaitv(w, limit, clockid, 0)
			return err
		},
	}
}

func futex2(name string, clockid int32) wait {
	return wait{
		name: name, clockid: clockid, restarts: true, younger: true,
		call: func(addr *atomic.Uint32, val uint32, limit *linux.Timespec, flags uint32) error {
			return linux.Futex2Wait(addr, val, matchAny, limit, clockid, linux.FUTEX2_SIZE_U32|flags)
		},
	}
}

// limit returns the argument with which w ends after d.
func (w wait) limit(d time.Duration) *linux.Timespec {
	if w.relative {
		return &linux.Timespec{Sec: int64(d / time.Second), Nsec: int64(d % time.Second)}
	}
	return after(w.clockid, d)
}

// untilDone is w.call, repeated after each signal: Go sends some itself, to preempt a thread that
// is about to make the call.
func (w wait) untilDone(addr *atomic.Uint32, limit *linux.Timespec, flags uint32) error {
	for {
		if err := w.call(addr, 0, limit, flags); err != syscall.EINTR {
			return err
		}
	}
}

// eachWait runs f for every kind of wait that this kernel has.
func eachWait(t *testing.T, f func(t *testing.T, w wait)) {
	for _, w := range waits {
		t.Run(w.name, func(t *testing.T) {
			if w.younger {
				skipMissing(t, w.call(new(atomic.Uint32), 1, nil, private))
			}
			f(t, w)
		})
	}
}

func TestWaitReturnsOnMismatch(t *testing.T) {
	eachWait(t, func(t *testing.T, w wait) {
		for _, flags := range []uint32{0, private} {
			want(t, "no deadline", w.call(new(atomic.Uint32), 1, nil, flags), syscall.EAGAIN)
			want(t, "deadline ahead", w.call(new(atomic.Uint32), 1, w.limit(time.Hour), flags), syscall.EAGAIN)
			want(t, "deadline passed", w.call(new(atomic.Uint32), 1, &linux.Timespec{}, flags), syscall.EAGAIN)
		}
	})
}

func TestWaitEndsByWake(t *testing.T) {
	eachWait(t, func(t *testing.T, w wait) {
		for _, flags := range []uint32{0, private} {
			for _, limit := range []*linux.Timespec{nil, w.limit(time.Hour), w.limit(20 * 365 * 24 * time.Hour)} {
				word := new(atomic.Uint32)
				s := start(func() error { return w.untilDone(word, limit, flags) })
				await(t, "a waiter", func() bool {
					n, err := linux.FutexWake(word, 1, flags)
					if err != nil {
						t.Fatal(err)
					}
					return n == 1
				})
				s.end(t, nil)
			}
		}
	})
}

func TestWaitTimesOut(t *testing.T) {
	eachWait(t, func(t *testing.T, w wait) {
		const d = 5 * time.Millisecond
		for _, flags := range []uint32{0, private} {
			before := readClock(w.clockid)
			want(t, "deadline ahead", w.untilDone(new(atomic.Uint32), w.limit(d), flags), syscall.ETIMEDOUT)
			if took := readClock(w.clockid) - before; took < d {
				t.Errorf("returned %v before the deadline", d-took)
			}
			want(t, "deadline passed", w.untilDone(new(atomic.Uint32), &linux.Timespec{}, flags), syscall.ETIMEDOUT)
		}
	})
}

// timesConverted is set while the old futex call of 32-bit systems is tested. There the binding
// itself reads a time, so an unreadable time causes no errno.
var timesConverted bool

// TestWaitErrors is the table of the invalid arguments of every wait.
func TestWaitErrors(t *testing.T) {
	unreadableTime := (*linux.Timespec)(unsafe.Pointer(unreadable(t)))
	for _, c := range []struct {
		name  string
		addr  *atomic.Uint32
		limit *linux.Timespec
		flags uint32
		err   error
	}{
		{"misaligned word", misaligned(), nil, private, syscall.EINVAL},
		{"unreadable private word", unreadable(t), nil, private, syscall.EFAULT},
		{"unreadable shared word", unreadable(t), nil, 0, syscall.EFAULT},
		{"unreadable time", new(atomic.Uint32), unreadableTime, private, syscall.EFAULT},
		{"negative seconds", new(atomic.Uint32), &linux.Timespec{Sec: -1}, private, syscall.EINVAL},
		{"very negative seconds", new(atomic.Uint32), &linux.Timespec{Sec: math.MinInt64}, private, syscall.EINVAL},
		{"negative nanoseconds", new(atomic.Uint32), &linux.Timespec{Sec: 1, Nsec: -1}, private, syscall.EINVAL},
		{"a second of nanoseconds", new(atomic.Uint32), &linux.Timespec{Sec: 1, Nsec: 1e9}, private, syscall.EINVAL},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.limit == unreadableTime && timesConverted {
				t.Skip("the binding reads the time before the kernel")
			}
			eachWait(t, func(t *testing.T, w wait) {
				want(t, w.name, w.call(c.addr, 0, c.limit, c.flags), c.err)
			})
		})
	}
}

// TestWaitSignals sends a signal to a thread that sleeps. Go's handlers are installed with
// SA_RESTART, so untimed waits go on. EINTR from FutexWaitv and Futex2Wait needs a
// handler without it: see TestInterruptedByC.
func TestWaitSignals(t *testing.T) {
	eachWait(t, func(t *testing.T, w wait) {
		word := new(atomic.Uint32)
		untimed := start(func() error { return w.call(word, 0, nil, private) })
		awaitSleepers(t, word, private, 1)
		untimed.signal(t)

		timed := start(func() error { return w.call(word, 0, w.limit(time.Hour), private) })
		if !w.restarts {
			// A signal that arrives before the sleep is lost, so it is sent until one ends the sleep.
			await(t, "the signal to end the wait", func() bool { timed.signal(t); return !timed.asleep() })
			timed.end(t, syscall.EINTR)
			wake(t, word, 1)
		} else {
			awaitSleepers(t, word, private, 2)
			for range 20 {
				timed.signal(t)
			}
			wake(t, word, 2)
			timed.end(t, nil)
		}
		untimed.end(t, nil)
	})
}

// wake wakes n threads, which may be between a signal and the rest of their sleep.
func wake(t *testing.T, word *atomic.Uint32, n int) {
	t.Helper()
	await(t, "waiters", func() bool {
		woken, err := linux.FutexWake(word, everyone, private)
		if err != nil {
			t.Fatal(err)
		}
		n -= woken
		return n == 0
	})
}

func TestWaitDuringCollection(t *testing.T) {
	word := new(atomic.Uint32)
	var sleepers []*sleeper
	for _, w := range waits {
		if w.younger && w.call(word, 1, nil, private) != syscall.EAGAIN {
			continue
		}
		for _, limit := range []*linux.Timespec{nil, w.limit(time.Hour)} {
			sleepers = append(sleepers, start(func() error { return w.untilDone(word, limit, private) }))
		}
	}
	awaitSleepers(t, word, private, len(sleepers))
	for range 10 {
		runtime.GC()
	}
	if n := waiters(t, word, private); n != len(sleepers) {
		t.Errorf("%d of %d threads sleep on after ten collections", n, len(sleepers))
	}
	wake(t, word, len(sleepers))
	for _, s := range sleepers {
		s.end(t, nil)
	}
}
