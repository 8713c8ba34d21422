// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package bsd

import (
	"errors"
	"fmt"
	"math"
	"os"
	"syscall"
	"testing"
	"time"
)

// sleepUntil is what package futex makes of a way to sleep: it sleeps again after an end that says nothing, and after
// one that came before limit.
func sleepUntil(limit uint64, now func() uint64, differs func() bool, sleep func(limit uint64) error) error {
	for {
		switch err := sleep(limit); err {
		case syscall.EINTR:
			if differs() {
				return nil
			}
		case os.ErrDeadlineExceeded:
			if now() >= limit {
				return err
			}
		default:
			return err
		}
	}
}

const tick = 10_000_000 // nanoseconds, of both systems' kernels on most machines

var errForEver = errors.New("sleeps with no limit")

// A kernel is what NetBSD 10.1 or OpenBSD 7.8 makes of a futex call, by a clock that stands still but in a call.
type kernel struct {
	clock   uint64
	delay   uint64 // of the thread before the kernel looks at its clock
	differs bool   // whether the word holds another value
	signals []bool // of each sleep, whether a signal ends it
}

func (k *kernel) now() uint64 { return k.clock }

func (k *kernel) changed() bool { return k.differs }

// interrupted reports whether a signal ends the sleep that begins.
func (k *kernel) interrupted() (signal bool) {
	if len(k.signals) != 0 {
		signal, k.signals = k.signals[0], k.signals[1:]
	}
	return signal
}

// netbsd is FUTEX_WAIT_BITSET (sys/kern/sys_futex.c 1.18, futex_func_wait and futex_wait; sys/kern/subr_time.c 1.34,
// tvtohz): a signal makes the kernel call itself anew.
func (k *kernel) netbsd(deadline uint64) error {
	for {
		if k.differs {
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
		ticks := min((microseconds*1000+tick-1)/tick+1, math.MaxInt32)
		k.clock += ticks * tick
		return syscall.ETIMEDOUT // also after MaxInt32 ticks
	}
}

// openbsd is FUTEX_WAIT (sys/kern/sys_futex.c 1.26, futex_wait). An older kernel counts ticks, as NetBSD's does.
func (k *kernel) openbsd(timeout time.Duration) error {
	k.clock += k.delay
	switch {
	case timeout < 0:
		return syscall.EINVAL
	case timeout == 0:
		return syscall.ETIMEDOUT
	case k.differs:
		return syscall.EAGAIN
	case k.interrupted():
		return syscall.ECANCELED
	}
	k.clock += uint64(timeout)
	return syscall.ETIMEDOUT
}

// longest is the longest time that package futex asks for.
const longest = 24 * time.Hour

// waits lets a thread of each system wait until limit, in the way that package futex has for it.
func (k *kernel) waits() map[string]func(limit uint64) error {
	return map[string]func(limit uint64) error{
		"NetBSD": func(limit uint64) error { return Outcome(k.netbsd(Deadline(limit, k.now()))) },
		"OpenBSD": func(limit uint64) error {
			left := time.Duration(0)
			if limit > k.now() {
				left = time.Duration(min(limit-k.now(), uint64(longest)))
			}
			return Outcome(k.openbsd(Timeout(left)))
		},
	}
}

// TestDeadlines waits for each of some times, with each of some delays of the thread: no wait ends early, sleeps for
// ever, or ends much later than the ticks of the clock make it.
func TestDeadlines(t *testing.T) {
	var times []uint64
	for ns := uint64(0); ns < 5000; ns += 53 {
		times = append(times, ns)
	}
	times = append(times, uint64(leastSleep)-1, leastSleep, leastSleep+1, 3*tick, uint64(time.Hour), uint64(3*longest))
	for _, delay := range []uint64{0, 1, 700, 2500} {
		for _, d := range times {
			k := &kernel{clock: 1e9, delay: delay, signals: []bool{true, false, true}}
			for system := range k.waits() {
				k := &kernel{clock: 1e9, delay: delay, signals: []bool{true, false, true}}
				limit := k.clock + d
				err := sleepUntil(limit, k.now, k.changed, k.waits()[system])
				if err != os.ErrDeadlineExceeded {
					t.Fatalf("%s: a wait for %d ns with a delay of %d ns ends with %v", system, d, delay, err)
				}
				if k.clock < limit || k.clock > limit+3*tick {
					t.Fatalf("%s: a wait for %d ns with a delay of %d ns takes %d ns", system, d, delay, k.clock-1e9)
				}
			}
		}
	}
	// What Deadline is for.
	k := &kernel{clock: 1e9, delay: 100}
	if err := k.netbsd(k.clock + 600); err != errForEver {
		t.Errorf("NetBSD's own wait for 600 ns ends with %v: the test shows nothing", err)
	}
}

// TestWordThatDiffers waits on a word that differs, with time and without, and on one that changes after a signal.
func TestWordThatDiffers(t *testing.T) {
	for _, d := range []uint64{0, 1, tick} {
		k := &kernel{clock: 1e9, differs: true}
		for system, wait := range k.waits() {
			if err := sleepUntil(k.clock+d, k.now, k.changed, wait); err != nil {
				t.Errorf("%s: a wait for %d ns on a word that differs ends with %v", system, d, err)
			}
		}
	}
	k := &kernel{clock: 1e9, signals: []bool{true, true}}
	asked := 0
	changed := func() bool { asked++; return asked == 2 }
	if err := sleepUntil(k.clock+uint64(time.Hour), k.now, changed, k.waits()["OpenBSD"]); err != nil || asked != 2 {
		t.Errorf("OpenBSD: a wait whose word changes after a signal ends with %v, asked %d times", err, asked)
	}
}

func TestOutcome(t *testing.T) {
	other := fmt.Errorf("other")
	for err, want := range map[error]error{
		nil: nil, other: other, syscall.EAGAIN: nil, syscall.EINTR: syscall.EINTR, syscall.ECANCELED: syscall.EINTR,
		syscall.ENOMEM: syscall.EINTR, syscall.ENFILE: syscall.EINTR, syscall.ETIMEDOUT: os.ErrDeadlineExceeded,
		syscall.ENOSYS: syscall.ENOSYS, syscall.EINVAL: syscall.EINVAL, syscall.EFAULT: syscall.EFAULT,
	} {
		if got := Outcome(err); got != want {
			t.Errorf("Outcome(%v) = %v, want %v", err, got, want)
		}
	}
}

func TestDeadlineAtTheEnd(t *testing.T) {
	for _, c := range []struct{ limit, now, want uint64 }{
		{math.MaxUint64, 1, math.MaxUint64},
		{math.MaxUint64 - 1, math.MaxUint64 - 2, math.MaxUint64},
		{5, 5, 5},
		{4, 5, 4},
		{1, 0, leastSleep},
	} {
		if got := Deadline(c.limit, c.now); got != c.want {
			t.Errorf("Deadline(%d, %d) = %d, want %d", c.limit, c.now, got, c.want)
		}
	}
}
