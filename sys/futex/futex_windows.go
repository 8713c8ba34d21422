// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/windows"
)

func backend() string { return wayNames[chosen()] }

// supported knows no shared words: Windows wakes the waiters of one process only.
func supported(scope Scope) bool { return scope == Private && chosen() != viaNone }

// wait sleeps until the word differs, somebody wakes it, or the deadline, which is turned
// into a time by the system's clock once: in a synctest bubble Go's own clock stands still.
func wait(addr *atomic.Uint32, old uint32, deadline time.Time, scope Scope) error {
	if !supported(scope) {
		return errors.ErrUnsupported
	}
	if deadline.IsZero() {
		return chosen().sleep(addr, old, noLimit)
	}
	limit := time.Until(deadline)
	begin, err := windows.QueryUnbiasedInterruptTime() // after the line above, so that the end is not early
	if err != nil {
		return err
	}
	if limit <= 0 {
		if addr.Load() != old {
			return nil
		}
		return os.ErrDeadlineExceeded
	}
	// The system may think that the time is over up to a tick of its clock before that clock
	// says so, and the call may have a longest time.
	for left := limit; left > 0; {
		if err := chosen().sleep(addr, old, left); err != os.ErrDeadlineExceeded {
			return err
		}
		now, err := windows.QueryUnbiasedInterruptTime()
		if err != nil {
			return err
		}
		left = limit - time.Duration(now-begin)*100
	}
	return os.ErrDeadlineExceeded
}

func wake(addr *atomic.Uint32, n int, scope Scope) error {
	if !supported(scope) {
		return errors.ErrUnsupported
	}
	return chosen().wake(addr, n > 1)
}

// A way is one of the ways in which a thread can sleep on Windows. They wake each other's
// waiters.
type way uint8

const (
	// viaRtl is RtlWaitOnAddress, not documented, whose timeouts count 100 ns.
	viaRtl way = iota
	// viaWaitOnAddress is WaitOnAddress, which stands on it, and whose timeouts count milliseconds.
	viaWaitOnAddress
	// viaNone is where neither is to be had.
	viaNone
)

var wayNames = [...]string{viaRtl: "RtlWaitOnAddress", viaWaitOnAddress: "WaitOnAddress", viaNone: "none"}

// only, if set when the program is linked, names the one way to take. It is for tests,
// each way being worth a full run:
//
//	go test -ldflags=-X=github.com/osync-go/osync/sys/futex.only=WaitOnAddress ./...
var only string

// chosen returns the first way that works here. It finds out when it is first called,
// which takes some microseconds.
var chosen = sync.OnceValue(func() way {
	for v := viaRtl; v < viaNone; v++ {
		if (only == "" || only == wayNames[v]) && v.works() {
			return v
		}
	}
	return viaNone
})

// works tries the calls of a way, none of which blocks: a word that differs, a wake where
// nobody waits, and a sleep of no time. The clock is part of it.
func (v way) works() bool {
	word := new(atomic.Uint32)
	if _, err := windows.QueryUnbiasedInterruptTime(); err != nil {
		return false
	}
	if v.sleep(word, 1, noLimit) != nil || v.wake(word, false) != nil || v.wake(word, true) != nil {
		return false
	}
	for range 1000 { // more wakes for no reason in a row than a thread ever gets
		if err := v.sleep(word, 0, 0); err != nil {
			return err == os.ErrDeadlineExceeded
		}
	}
	return false
}

// noLimit as the duration of a sleep is none.
const noLimit time.Duration = -1

const wordSize = unsafe.Sizeof(atomic.Uint32{})

// sleep blocks the thread while *addr is old, until a wake, for no reason, or for d, which
// is rounded up. It is a single call, whose longest time may be shorter.
func (v way) sleep(addr *atomic.Uint32, old uint32, d time.Duration) error {
	if v == viaRtl {
		var limit *int64
		if d != noLimit {
			ticks := windows.Ticks(d)
			limit = &ticks
		}
		err := windows.RtlWaitOnAddress(unsafe.Pointer(addr), unsafe.Pointer(&old), wordSize, limit)
		if err == windows.STATUS_TIMEOUT {
			return os.ErrDeadlineExceeded
		}
		return err
	}
	limit := uint32(windows.INFINITE)
	if d != noLimit {
		limit = windows.Milliseconds(d)
	}
	err := windows.WaitOnAddress(unsafe.Pointer(addr), unsafe.Pointer(&old), wordSize, limit)
	if err == windows.ERROR_TIMEOUT {
		return os.ErrDeadlineExceeded
	}
	return err
}

// wake wakes one thread, or all, that sleep on addr.
func (v way) wake(addr *atomic.Uint32, all bool) error {
	switch {
	case v == viaRtl && all:
		return windows.RtlWakeAddressAll(unsafe.Pointer(addr))
	case v == viaRtl:
		return windows.RtlWakeAddressSingle(unsafe.Pointer(addr))
	case all:
		return windows.WakeByAddressAll(unsafe.Pointer(addr))
	default:
		return windows.WakeByAddressSingle(unsafe.Pointer(addr))
	}
}
