// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package locktest checks locks of others as osync checks its own: that a lock which is built on
// package park, or on anything else, keeps the contract of its counterpart in package sync.
//
//	func TestMain(m *testing.M) { locktest.Main(m) }
//
//	func TestLock(t *testing.T) {
//		locktest.Mutex(t, func() sync.Locker { return new(Lock) })
//	}
//
// A suite is a number of subtests, one for each sentence of the contract: exclusion, what
// happens before what (run it with -race), that no waiter starves or is lost, shares, many waiters,
// garbage collections meanwhile, allocations. What a lock has besides the methods of its interface is
// found by name, and checked, too: TryLock, TryLockFor and LockContext of a mutex, the same for
// readers, WaitFor and WaitContext of a condition variable and a wait group. An [Option] says what a
// lock does not promise, or promises besides.
//
// Each check runs with goroutines, with goroutines locked to their thread, with threads pinned
// by package thread, and with mixes of these. A suite takes some seconds, and a fifth of that
// with -short and under the race detector.
//
// No check looks into the lock, and none lets the passing of time decide but to say, after a
// minute in which nothing has moved, that a wait does not end. What has no counterpart here can often
// be made to look like one: a semaphore of one unit is a mutex, and so is each key of a keyed lock. For a proof
// of all interleavings see package explore.
//
// The seed of the random numbers is in the log of each check. The flag -locktest.seed sets it, and
// -locktest.patience says how long nothing may move.
package locktest

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/thread"
)

// An RWLocker is a readers-writer lock: it has these methods of [sync.RWMutex]. Lock and Unlock are those of the
// writer.
type RWLocker interface {
	sync.Locker
	RLock()
	RUnlock()
}

// A Waiter is a condition variable: it has the methods of [sync.Cond].
type Waiter interface {
	Wait()
	Signal()
	Broadcast()
}

// A Doer does something once: it has the method of [sync.Once].
type Doer interface{ Do(f func()) }

// A Group waits for tasks: it has the methods of [sync.WaitGroup].
type Group interface {
	Add(delta int)
	Done()
	Wait()
	Go(f func())
}

// An Option changes what a suite does.
type Option struct{ option locktest.Option }

// Recoverable says that misuse panics, with the words of package sync in the text, and leaves the lock as
// it was. Without it the suite tries no misuse: package sync ends the program.
func Recoverable() Option { return Option{locktest.Recoverable()} }

// Owned says that only the goroutine that has taken the lock may release it.
func Owned() Option { return Option{locktest.Owned()} }

// Allocates says that a call may allocate. Without it a call that need not wait must not.
func Allocates() Option { return Option{locktest.Allocates()} }

// Slow says that it takes milliseconds at times to hand the lock over. The suite repeats its checks less
// often.
func Slow() Option { return Option{locktest.Slow()} }

// Uneven says that the lock promises no order among its waiters: shares may be uneven, and many writers may
// overtake a reader.
func Uneven() Option { return Option{locktest.Uneven()} }

// Unfair says that readers which keep coming may starve writers, or the other way round.
func Unfair() Option { return Option{locktest.Unfair()} }

// Spurious says that the wait of a condition variable may return without a Signal, and that a Signal wakes any
// waiter, as POSIX has it.
func Spurious() Option { return Option{locktest.Spurious()} }

// Scrambles says that Broadcast makes all waiters runnable at once and leaves their order to the
// scheduler, as that of package sync does.
func Scrambles() Option { return Option{locktest.Scrambles()} }

// pinned starts workers as threads of package thread.
var pinned = locktest.Start{Name: "pinned", Threads: true, Go: func(f func()) (join func()) {
	h := thread.Spawn(func() error { f(); return nil })
	return func() { h.Join() }
}}

// all returns the options as the suites take them.
func all(options []Option) []locktest.Option {
	list := []locktest.Option{locktest.Workers(pinned)}
	for _, o := range options {
		list = append(list, o.option)
	}
	return list
}

// Mutex checks a mutual exclusion lock. make returns a new unlocked one.
func Mutex(t *testing.T, make func() sync.Locker, options ...Option) {
	locktest.Mutex(t, make, all(options)...)
}

// RWMutex checks a readers-writer lock. make returns a new unlocked one.
//
// Writers have to be safe from starvation by readers, and readers by writers, as with package sync: a
// waiting writer stops new readers. [Unfair] says otherwise.
func RWMutex(t *testing.T, make func() RWLocker, options ...Option) {
	locktest.RWMutex(t, func() locktest.RWLocker { return make() }, all(options)...)
}

// Cond checks a condition variable. make returns a new one, and the lock that it was given. Wait returns only
// after a Signal or a Broadcast that was meant for it, and Signal wakes the longest waiter, as with package sync.
// [Spurious] says otherwise.
func Cond(t *testing.T, make func() (sync.Locker, Waiter), options ...Option) {
	locktest.Cond(t, func() (sync.Locker, locktest.Waiter) { return make() }, all(options)...)
}

// Once checks what does something once. make returns a new one.
func Once(t *testing.T, make func() Doer, options ...Option) {
	locktest.Once(t, func() locktest.Doer { return make() }, all(options)...)
}

// WaitGroup checks a wait group. make returns a new one, with a counter of zero.
func WaitGroup(t *testing.T, make func() Group, options ...Option) {
	locktest.WaitGroup(t, func() locktest.Group { return make() }, all(options)...)
}

// Main runs the tests of a package, as [testing.M.Run] does, for its TestMain. If nothing moves for a minute, it
// prints the stacks of all goroutines, and ends the program: faults of a lock show as a hang, which go test ends
// after ten minutes only. It does not watch benchmarks and fuzzing.
func Main(m *testing.M) { locktest.Main(m) }
