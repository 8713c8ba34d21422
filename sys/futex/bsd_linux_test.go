// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex_test

import (
	"errors"
	"math"
	"os"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/bsd"
	"github.com/osync-go/osync/sys/futex"
)

const kernelTick = 10_000_000 // nanoseconds, of NetBSD's kernel on most machines

var errForEver = errors.New("sleeps with no limit")

// A kernel is a futex call of NetBSD 10.1 or OpenBSD 7.8, by a clock that advances only during a call.
type kernel struct {
	clock   uint64
	delay   uint64        // of the thread before the kernel looks at its clock
	word    atomic.Uint32 // waiters expect 0
	signals []bool        // of each sleep, whether a signal ends it
}

func newKernel(delay uint64, signals ...bool) *kernel {
	return &kernel{clock: 1e9, delay: delay, signals: signals}
}

// interrupted reports whether a signal ends the sleep that is about to begin.
func (k *kernel) interrupted() (signal bool) {
	if len(k.signals) != 0 {
		signal, k.signals = k.signals[0], k.signals[1:]
	}
	return signal
}

// netbsd is FUTEX_WAIT_BITSET (sys/kern/sys_futex.c 1.18, futex_func_wait and futex_wait; sys/kern/subr_time.c 1.34,
// tvtohz): after a signal the kernel makes the call again.
func (k *kernel) netbsd(deadline uint64) error {
	for {
		if k.word.Load() != 0 {
			return syscall.EAGAIN
		}
		k.clock += k.delay
		if deadline <= k.clock {
			return syscall.ETIMEDOUT
		}
		microseconds := (deadline - k.clock) / 1000
		if microseconds == 0 {
			return errForEver
		}
		if k.interrupted() {
			continue
		}
		ticks := min((microseconds*1000+kernelTick-1)/kernelTick+1, math.MaxInt32)
		k.clock += ticks * kernelTick
		return syscall.ETIMEDOUT // also after MaxInt32 ticks
	}
}

// openbsd is FUTEX_WAIT (sys/kern/sys_futex.c 1.26, futex_wait).
func (k *kernel) openbsd(timeout time.Duration) error {
	k.clock += k.delay
	switch {
	case timeout < 0:
		return syscall.EINVAL
	case timeout == 0:
		return syscall.ETIMEDOUT
	case k.word.Load() != 0:
		return syscall.EAGAIN
	case k.interrupted():
		return syscall.ECANCELED
	}
	k.clock += uint64(timeout)
	return syscall.ETIMEDOUT
}

// ways are the forms of a sleep in futex_netbsd.go and futex_openbsd.go.
var ways = map[string]func(k *kernel, limit futex.Ticks) error{
	"NetBSD": func(k *kernel, limit futex.Ticks) error {
		return bsd.Outcome(k.netbsd(bsd.Deadline(uint64(limit), k.clock)))
	},
	"OpenBSD": func(k *kernel, limit futex.Ticks) error {
		left := time.Duration(0)
		if uint64(limit) > k.clock {
			left = min(time.Duration(uint64(limit)-k.clock), futex.LongestSleep)
		}
		return bsd.Outcome(k.openbsd(bsd.Timeout(left)))
	},
}

// wait is futex.WaitUntil on k, for d from now, in a bubble, where no time passes before the limit is computed. It also
// returns the limit.
func (k *kernel) wait(system string, d time.Duration) (limit uint64, err error) {
	err = futex.SleepUntil(func(addr *atomic.Uint32, old uint32, at futex.Ticks, _ futex.Scope) error {
		limit = uint64(at)
		return ways[system](k, at)
	}, func() futex.Ticks { return futex.Ticks(k.clock) }, &k.word, 0, time.Now().Add(d), futex.Private)
	return limit, err
}

// TestDeadlinesOfBSD waits for each of some times, with each of some delays of the thread, and with signals: no wait
// ends early, sleeps forever, or ends much later than the ticks of the clock make it.
func TestDeadlinesOfBSD(t *testing.T) {
	const day = 24 * time.Hour
	times := []time.Duration{499_999, 500_000, 500_001, 3 * kernelTick, time.Hour, 3 * day, 600 * day}
	for ns := time.Duration(1); ns < 5000; ns += 53 {
		times = append(times, ns)
	}
	synctest.Test(t, func(t *testing.T) {
		for system := range ways {
			for _, delay := range []uint64{0, 1, 700, 2500} {
				for _, d := range times {
					k := newKernel(delay, true, false, true)
					limit, err := k.wait(system, d)
					if err != os.ErrDeadlineExceeded {
						t.Fatalf("%s: a wait for %v with a delay of %d ns ends with %v", system, d, delay, err)
					}
					if k.clock < limit || k.clock > limit+4*kernelTick {
						t.Fatalf("%s: a wait for %v with a delay of %d ns takes %d ns", system, d, delay, k.clock-1e9)
					}
				}
			}
		}
	})
	// This is the purpose of bsd.Deadline.
	if k := newKernel(100); k.netbsd(k.clock+600) != errForEver {
		t.Error("NetBSD's own wait for 600 ns ends: the test shows nothing")
	}
}

// TestWordThatDiffersOfBSD waits on a word that differs, before and after the deadline, and on one that changes after a
// signal.
func TestWordThatDiffersOfBSD(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for system, sleep := range ways {
			k := newKernel(2500)
			k.word.Store(1)
			if _, err := k.wait(system, 1000); err != nil {
				t.Errorf("%s: a wait on a word that differs ends with %v", system, err)
			}
			if err := sleep(k, futex.Ticks(k.clock-1)); err != nil {
				t.Errorf("%s: a sleep on a word that differs, whose time is over, ends with %v", system, err)
			}
		}
		k := newKernel(0, true)
		k.word.Store(0)
		err := futex.SleepUntil(func(_ *atomic.Uint32, _ uint32, at futex.Ticks, _ futex.Scope) error {
			err := ways["OpenBSD"](k, at)
			k.word.Store(1)
			return err
		}, func() futex.Ticks { return futex.Ticks(k.clock) }, &k.word, 0, time.Now().Add(time.Hour), futex.Private)
		if err != nil || k.clock != 1e9 {
			t.Errorf("a wait whose word changes after a signal ends with %v, at %d", err, k.clock)
		}
	})
}
