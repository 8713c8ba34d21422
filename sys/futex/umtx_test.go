// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd || dragonfly || linux

package futex_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/bsd"
	"github.com/osync-go/osync/sys/futex"
)

// A fakeKernel simulates the kernel of FreeBSD or DragonFly for one waiting thread, according to their sources. Its time
// passes only in sleeps, and a script determines the events. Its clock counts nanoseconds.
type fakeKernel struct {
	t      *testing.T
	now    futex.Ticks
	word   atomic.Uint32
	script []happening // in order of time
	calls  int
}

// A happening is an event for a thread that sleeps.
type happening struct {
	at      futex.Ticks
	store   bool // the word changes
	wake    bool // the thread is woken
	signal  bool // the thread gets a signal
	unmoved bool // the page of the word is absent for an instant: DragonFly's EINVAL at the next check
}

// sleep advances the time until a wake, a signal or the end, and returns nil, EINTR or timedOut.
func (k *fakeKernel) sleep(end futex.Ticks, timedOut error) error {
	for len(k.script) > 0 && k.script[0].at <= end {
		h := k.script[0]
		k.script = k.script[1:]
		k.now = max(k.now, h.at)
		if h.store {
			k.word.Store(1)
		}
		switch {
		case h.signal:
			return syscall.EINTR
		case h.wake:
			return nil
		case h.unmoved:
			return syscall.EINVAL
		}
	}
	if end == math.MaxUint64 {
		k.t.Error("the thread sleeps for ever")
	}
	k.now = max(k.now, end)
	return timedOut
}

// arrived applies the events before a call, except for wakes and signals, which no thread got.
func (k *fakeKernel) arrived() {
	for len(k.script) > 0 && k.script[0].at <= k.now {
		if k.script[0].store {
			k.word.Store(1)
		}
		k.script = k.script[1:]
	}
	k.now += 1000 // the cost of a call
	if k.calls++; k.calls > 1e6 {
		k.t.Fatal("a million calls")
	}
}

// umtxOp is do_wait of FreeBSD's kern_umtx.c with a point in time.
func (k *fakeKernel) umtxOp(_ *atomic.Uint32, old uint32, limit futex.Ticks, _ futex.Scope) error {
	k.arrived()
	if k.word.Load() != old {
		return bsd.UmtxOutcome(nil)
	}
	end := futex.Ticks(math.MaxUint64)
	if limit != futex.NoLimit {
		sec, nsec := bsd.Split(time.Duration(min(limit, math.MaxInt64)), math.MaxInt32) // a processor with 32 bits
		end = futex.Ticks(sec)*futex.Ticks(time.Second) + futex.Ticks(nsec)
	}
	return bsd.UmtxOutcome(k.sleep(end, syscall.ETIMEDOUT))
}

// The unit of DragonFly's timeouts, and the longest sleep that it allows (kern.umtx_timeout_max).
const (
	hz          = 100
	tick        = futex.Ticks(time.Second) / hz
	longestUmtx = 2_000_000 // µs
)

// umtxSleep is sys_umtx_sleep of DragonFly's kern_umtx.c, after the code of package futex before the call.
func (k *fakeKernel) umtxSleep(_ *atomic.Uint32, old uint32, limit futex.Ticks, _ futex.Scope) error {
	k.arrived()
	timeout := int32(0)
	if limit != futex.NoLimit {
		left := time.Duration(0)
		if limit > k.now {
			left = time.Duration(min(limit-k.now, futex.Ticks(futex.LongestSleep)))
		}
		if timeout = bsd.Microseconds(left); timeout == 0 {
			k.t.Error("a sleep with a limit has a timeout of 0, which is none")
		}
	}
	if timeout < 0 {
		return bsd.UmtxSleepOutcome(syscall.EINVAL)
	}
	if k.word.Load() != old {
		return bsd.UmtxSleepOutcome(syscall.EBUSY)
	}
	us := int64(longestUmtx)
	if timeout != 0 && int64(timeout) < us {
		us = int64(timeout)
	}
	n := us/1e6*hz + (us%1e6*hz+999999)/1e6
	end := (k.now/tick + futex.Ticks(n)) * tick // at a tick of the clock: perhaps early
	return bsd.UmtxSleepOutcome(k.sleep(end, syscall.EWOULDBLOCK))
}

func (k *fakeKernel) kernels() map[string]futex.Sleep {
	return map[string]futex.Sleep{"FreeBSD": k.umtxOp, "DragonFly": k.umtxSleep}
}

// wait waits for the word for at most d, or without a limit if d is 0, and returns how long that took by the
// kernel's clock.
func (k *fakeKernel) wait(kernel string, d time.Duration) (time.Duration, error) {
	var err error
	begin := k.now
	synctest.Test(k.t, func(*testing.T) { // where only the kernel's time passes
		var deadline time.Time
		if d != 0 {
			deadline = time.Now().Add(d)
		}
		err = futex.SleepUntil(k.kernels()[kernel], func() futex.Ticks { return k.now }, &k.word, 0, deadline, futex.Private)
	})
	return time.Duration(k.now - begin), err
}

// forEach runs f with a kernel of each system that has run for some time.
func forEach(t *testing.T, f func(t *testing.T, k *fakeKernel, kernel string)) {
	for kernel := range new(fakeKernel).kernels() {
		t.Run(kernel, func(t *testing.T) { f(t, &fakeKernel{t: t, now: 12_345_678_901}, kernel) })
	}
}

// TestFakeDeadlines shows that a wait ends after its deadline, and not before, also after signals, if it is longer than a
// call can last, and with a tick of the kernel's clock at an awkward time.
func TestFakeDeadlines(t *testing.T) {
	forEach(t, func(t *testing.T, k *fakeKernel, kernel string) {
		r := rand.New(rand.NewPCG(1, 2))
		for _, d := range []time.Duration{
			1, 999, time.Microsecond, 1001, time.Millisecond, 9_999_999, 10_000_001, time.Second,
			1_999_999_999, 2_000_000_001, time.Minute, 36 * time.Minute, 25 * time.Hour,
		} {
			for range 10 {
				k.now += futex.Ticks(r.Int64N(int64(tick)))
				k.script = nil
				for range r.IntN(3) {
					k.script = append(k.script, happening{at: k.now + futex.Ticks(r.Int64N(int64(d))), signal: true})
				}
				took, err := k.wait(kernel, d)
				if !errors.Is(err, os.ErrDeadlineExceeded) || took < d || took > d+3*time.Duration(tick) {
					t.Fatalf("a wait of %v took %v and returned %v", d, took, err)
				}
			}
		}
	})
}

// TestFakeWakes shows that a wait without a limit ends at the wake, whatever happened before it.
func TestFakeWakes(t *testing.T) {
	forEach(t, func(t *testing.T, k *fakeKernel, kernel string) {
		at := k.now + futex.Ticks(time.Hour)
		k.script = []happening{
			{at: k.now + 5000, signal: true},
			{at: k.now + 7000, unmoved: kernel == "DragonFly"},
			{at: k.now + futex.Ticks(time.Minute), signal: true},
			{at: at, store: true, wake: true},
		}
		if took, err := k.wait(kernel, 0); err != nil || k.now < at || took > time.Hour+time.Millisecond {
			t.Errorf("the wait took %v and returned %v", took, err)
		}
		if most := 3600/2 + 10; k.calls > most {
			t.Errorf("%d calls, want at most %d", k.calls, most)
		}
	})
}

// TestFakeLostWake shows that on DragonFly a wait ends at the latest two seconds after the word has changed, even if the
// page of the word has moved and the wake has not found the thread.
func TestFakeLostWake(t *testing.T) {
	for _, d := range []time.Duration{0, time.Hour} {
		k := &fakeKernel{t: t, now: 5e9}
		at := k.now + futex.Ticks(10*time.Second) + 1
		k.script = []happening{{at: at, store: true}}
		if _, err := k.wait("DragonFly", d); err != nil || k.now < at || k.now > at+futex.Ticks(2*time.Second+10*time.Millisecond) {
			t.Errorf("the wait returned %v, %v after the word has changed", err, time.Duration(k.now)-time.Duration(at))
		}
	}
}

// TestFakeWordDiffers shows that a word that differs ends a wait in the first call.
func TestFakeWordDiffers(t *testing.T) {
	forEach(t, func(t *testing.T, k *fakeKernel, kernel string) {
		k.word.Store(1)
		if _, err := k.wait(kernel, time.Hour); err != nil || k.calls != 1 {
			t.Errorf("%d calls, the last returned %v", k.calls, err)
		}
	})
}

// TestUmtxErrors shows that an unexpected error of a sleep is returned.
func TestUmtxErrors(t *testing.T) {
	for _, err := range []error{nil, syscall.EINTR, syscall.EFAULT, syscall.ENOSYS} {
		if got := bsd.UmtxOutcome(err); got != err {
			t.Errorf("FreeBSD: %v became %v", err, got)
		}
		if got := bsd.UmtxSleepOutcome(err); got != err {
			t.Errorf("DragonFly: %v became %v", err, got)
		}
	}
	if got := bsd.UmtxOutcome(syscall.EINVAL); got != syscall.EINVAL {
		t.Errorf("FreeBSD: EINVAL became %v", got)
	}
}
