// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/windows"
)

// A waiter is one of the two ways to wait on an address, and the errors that it returns.
type waiter struct {
	name             string
	wait             func(addr, compare unsafe.Pointer, size uintptr, d time.Duration) error
	wakeOne, wakeAll func(addr unsafe.Pointer) error
	timeout, invalid error
}

// forever means no limit, as the duration of a wait.
const forever = -1

var waiters = []waiter{
	{
		name: "WaitOnAddress",
		wait: func(addr, compare unsafe.Pointer, size uintptr, d time.Duration) error {
			if d == forever {
				return windows.WaitOnAddress(addr, compare, size, windows.INFINITE)
			}
			return windows.WaitOnAddress(addr, compare, size, windows.Milliseconds(d))
		},
		wakeOne: windows.WakeByAddressSingle,
		wakeAll: windows.WakeByAddressAll,
		timeout: windows.ERROR_TIMEOUT,
		invalid: windows.ERROR_INVALID_PARAMETER,
	},
	{
		name: "RtlWaitOnAddress",
		wait: func(addr, compare unsafe.Pointer, size uintptr, d time.Duration) error {
			if d == forever {
				return windows.RtlWaitOnAddress(addr, compare, size, nil)
			}
			ticks := windows.Ticks(d)
			return windows.RtlWaitOnAddress(addr, compare, size, &ticks)
		},
		wakeOne: windows.RtlWakeAddressSingle,
		wakeAll: windows.RtlWakeAddressAll,
		timeout: windows.STATUS_TIMEOUT,
		invalid: windows.STATUS_INVALID_PARAMETER,
	},
}

// eachWaiter runs f for every way to wait, and to wake: each wakes the threads of the other.
func eachWaiter(t *testing.T, f func(t *testing.T, w waiter)) {
	for _, a := range waiters {
		for _, b := range waiters {
			w := a
			w.wakeOne, w.wakeAll = b.wakeOne, b.wakeAll
			t.Run(a.name+"/wakes="+b.name, func(t *testing.T) { f(t, w) })
		}
	}
}

// TestWaitOnAddressSizes waits on words of each size: each is compared as a whole, and the
// bytes after it are not.
func TestWaitOnAddressSizes(t *testing.T) {
	for _, w := range waiters {
		for _, size := range []uintptr{1, 2, 4, 8} {
			value := new([16]byte)
			compare := *value
			compare[size] = 1 // beyond it
			wait := func() error {
				return w.wait(unsafe.Pointer(value), unsafe.Pointer(&compare), size, 0)
			}
			err := error(nil)
			for err == nil {
				err = wait()
			}
			wantError(t, w.name+" on equal words", err, w.timeout)
			compare[size-1] = 1 // its last byte
			ok(t, wait())
		}
		for _, size := range []uintptr{0, 3, 16} {
			value, compare := new([16]byte), [16]byte{}
			wantError(t, w.name+" with an impossible size", w.wait(unsafe.Pointer(value), unsafe.Pointer(&compare), size, 0), w.invalid)
		}
	}
}

// TestWaitOnAddressTimeout checks that a wait lasts as long as it should: it loops, as a wake
// may be spurious, until the system reports that the timeout has expired.
func TestWaitOnAddressTimeout(t *testing.T) {
	for _, w := range waiters {
		for _, d := range []time.Duration{0, 1, 100 * time.Microsecond, time.Millisecond, 30 * time.Millisecond} {
			var value, compare atomic.Uint32
			var took time.Duration
			for {
				begin := now(t)
				err := w.wait(unsafe.Pointer(&value), unsafe.Pointer(&compare), 4, d)
				if took = now(t) - begin; err != nil {
					wantError(t, w.name, err, w.timeout)
					break
				}
			}
			if took+clockTick < d {
				t.Errorf("%s: a wait of %v was over after %v", w.name, d, took)
			}
		}
	}
}

// TestWaitOnAddressWake checks that a wake ends a wait, though the word stays as it is.
func TestWaitOnAddressWake(t *testing.T) {
	eachWaiter(t, func(t *testing.T, w waiter) {
		for _, d := range []time.Duration{forever, 0xFFFFFFFE * time.Millisecond, 50 * day} {
			for name, wake := range map[string]func(unsafe.Pointer) error{"one": w.wakeOne, "all": w.wakeAll} {
				value := new(atomic.Uint32)
				var back atomic.Bool
				join := start(t, func() {
					var compare uint32
					if err := w.wait(unsafe.Pointer(value), unsafe.Pointer(&compare), 4, d); err != nil {
						t.Errorf("woken from a wait of %v: %v", d, err)
					}
					back.Store(true)
				})
				until(t, "a wake of "+name+" ends the wait", func() bool {
					ok(t, wake(unsafe.Pointer(value)))
					return back.Load()
				})
				join()
			}
		}
	})
}

// TestWaitOnAddressTurns lets threads take turns: each waits for its number.
func TestWaitOnAddressTurns(t *testing.T) {
	const threads, rounds = 3, 300
	eachWaiter(t, func(t *testing.T, w waiter) {
		turn := new(atomic.Uint32)
		together(t, threads, func(i int) {
			for round := range uint32(rounds) {
				mine := round*threads + uint32(i)
				for now := turn.Load(); now != mine; now = turn.Load() {
					ok(t, w.wait(unsafe.Pointer(turn), unsafe.Pointer(&now), 4, forever))
				}
				turn.Store(mine + 1)
				ok(t, w.wakeAll(unsafe.Pointer(turn)))
			}
		})
		if got := turn.Load(); got != threads*rounds {
			t.Errorf("%d turns of %d were taken", got, threads*rounds)
		}
	})
}

// TestWakeNobody wakes where no thread waits, also at an address that is not memory.
func TestWakeNobody(t *testing.T) {
	nowhere := unsafe.Pointer(nil)
	for _, w := range waiters {
		for _, addr := range []unsafe.Pointer{unsafe.Pointer(new(uint32)), nowhere} {
			ok(t, w.wakeOne(addr))
			ok(t, w.wakeAll(addr))
		}
	}
}

// TestRtlWaitOnAddressPoint passes the end of a wait as a point in time, by the wall clock.
func TestRtlWaitOnAddressPoint(t *testing.T) {
	value, compare := new(uint32), uint32(0)
	for _, point := range []int64{0, 1, 100} { // long past: the year 1601
		err := error(nil)
		for err == nil {
			err = windows.RtlWaitOnAddress(unsafe.Pointer(value), unsafe.Pointer(&compare), 4, &point)
		}
		wantError(t, "a point in the past", err, windows.STATUS_TIMEOUT)
	}
}
