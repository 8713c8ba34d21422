// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package futex

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A way is one of the ways in which a thread can sleep on a word on this system. Some versions of
// a system lack some of them. This file and ticks.go have what is common to all systems but Linux: the choice, the
// self-test and the deadline. A file for each system has the calls:
//
//	wayNames                   a name for each way, the best first
//
//	way.sleep(addr, old, limit, scope) error
//	                           blocks the thread while *addr is old, until a wake, which may be
//	                           spurious, or until limit. It makes one call, and returns nil,
//	                           syscall.EINTR for an error that says nothing about the word, or
//	                           os.ErrDeadlineExceeded, which may come before limit.
//
//	way.wake(addr, all, scope) error
//	                           wakes one thread, or all, that sleep on addr.
//
//	way.reachesProcesses() bool
//	                           reports whether words of scope Shared work.
//
//	now() ticks                reads the clock of the system's timeouts; 0 if there is none.
//	clock() timebase           returns the length of a tick.
//
// To add a system, copy futex_other.go, which has no way, exclude the system there, and add it to
// the table in doc.go.
type way uint8

// none means that no way works on this system.
const none = way(len(wayNames))

// only, if set when the program is linked, names the way to use. It is for tests, since each way deserves a full run:
//
//	go test -ldflags=-X=github.com/osync-go/osync/sys/futex.only=pthread ./...
var only string

// chosen returns the first way that works here. The first call probes the ways, which takes a few microseconds, or a
// clock tick on DragonFly.
var chosen = sync.OnceValue(func() way { return choose(only, way.works) })

func choose(only string, works func(way) bool) way {
	for i, name := range wayNames {
		if v := way(i); (only == "" || only == name) && works(v) {
			return v
		}
	}
	if only != "" {
		panic("futex: this system has no way to wait named " + only)
	}
	return none
}

func (v way) works() bool { return selfTest(v.sleep, v.wake, now) }

// A wakeCall is the wake of a way.
type wakeCall func(addr *atomic.Uint32, all bool, scope Scope) error

// selfTest makes each call in such a way that it does not block, and reports whether all of them work. It tries to
// sleep on a word that differs, to wake when no thread waits, and to sleep until now.
func selfTest(sleep sleepCall, wake wakeCall, now func() ticks) bool {
	word := new(atomic.Uint32)
	if now() == noLimit || sleep(word, 1, noLimit, Private) != nil {
		return false
	}
	for _, all := range []bool{false, true} {
		if wake(word, all, Private) != nil {
			return false
		}
	}
	for range 1000 { // more signals and spurious wake-ups in a row than a thread ever gets
		switch sleep(word, 0, now(), Private) {
		case os.ErrDeadlineExceeded:
			return true
		case nil, syscall.EINTR:
		default:
			return false
		}
	}
	return false
}

func (v way) supports(scope Scope) bool {
	return v != none && (scope == Private || v.reachesProcesses())
}

func (v way) String() string {
	if v == none {
		return "none"
	}
	return wayNames[v]
}

func backend() string { return chosen().String() }

func supported(scope Scope) bool { return chosen().supports(scope) }

func wait(addr *atomic.Uint32, old uint32, deadline time.Time, scope Scope) error {
	v := chosen()
	if !v.supports(scope) {
		return errors.ErrUnsupported
	}
	return sleepUntil(v.sleep, now, clock(), addr, old, deadline, scope)
}

// left returns the time until t, for systems whose calls take a duration.
//
//lint:ignore U1000 some take a point in time
func (t ticks) left() time.Duration { return clock().left(now(), t) }

func wake(addr *atomic.Uint32, all bool, scope Scope) error {
	v := chosen()
	if !v.supports(scope) {
		return errors.ErrUnsupported
	}
	return v.wake(addr, all, scope)
}
