// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package locktest tests user-defined locks as osync tests its own. It checks that a lock built on
// package park, or on anything else, keeps the contract of its counterpart in package sync.
//
//	func TestMain(m *testing.M) { locktest.Main(m) }
//
//	func TestLock(t *testing.T) {
//		locktest.Mutex(t, func() sync.Locker { return new(Lock) })
//	}
//
// A suite has a subtest for each sentence of the contract. They check exclusion, ordering of memory
// (with -race), that no waiter starves or is lost, equal shares, many waiters, concurrent garbage
// collections, and allocations. A suite finds further methods of a lock by their names, and checks
// them, too: TryLock, TryLockFor and LockContext of a mutex, their counterparts for readers, and
// WaitFor and WaitContext of a condition variable and a wait group. An [Option] says what a lock
// promises less, or promises in addition.
//
// Each check runs with goroutines, with goroutines locked to their thread, with threads pinned by
// package thread, and with mixes of these. A suite takes some seconds, and a fifth of that with
// -short or under the race detector.
//
// No check accesses the internals of the lock. No result depends on the passing of time, except that a check
// fails if nothing makes progress for a minute. A lock without a counterpart here can often be adapted: a
// semaphore of one unit is a mutex, and so is each key of a keyed lock. To check all interleavings see package
// explore.
//
// The seed of the random numbers is in the log of each check. The flag -locktest.seed sets it, and
// -locktest.patience sets how long a check waits without progress.
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

// A Doer does something once: it has the method Do of [sync.Once].
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

// Recoverable says that misuse panics, with the text of package sync in the message, and leaves the lock
// as it was. Without this option the suite tries no misuse, since with package sync misuse ends the
// program.
func Recoverable() Option { return Option{locktest.Recoverable()} }

// Owned says that only the goroutine that has taken the lock may release it.
func Owned() Option { return Option{locktest.Owned()} }

// Allocates says that a call may allocate. Without this option a call that does not wait must not
// allocate.
func Allocates() Option { return Option{locktest.Allocates()} }

// Slow says that a hand-off of the lock sometimes takes milliseconds. The suite then repeats its checks
// less often.
func Slow() Option { return Option{locktest.Slow()} }

// Uneven says that the lock promises no order among its waiters: shares may be uneven, and many writers may
// overtake a reader.
func Uneven() Option { return Option{locktest.Uneven()} }

// Unfair says that a stream of readers may starve writers, or the other way round.
func Unfair() Option { return Option{locktest.Unfair()} }

// Spurious says that a condition variable may have spurious wake-ups, and that Signal wakes any waiter, as in
// POSIX.
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
// Neither readers nor writers must be able to starve the other, as with package sync, where a waiting
// writer blocks new readers. [Unfair] lifts that requirement.
func RWMutex(t *testing.T, make func() RWLocker, options ...Option) {
	locktest.RWMutex(t, func() locktest.RWLocker { return make() }, all(options)...)
}

// Cond checks a condition variable. make returns a new one, and the lock that it was given. Wait must return only
// after a Signal or a Broadcast that was meant for it, and Signal must wake the longest waiter, as with package
// sync. [Spurious] lifts these requirements.
func Cond(t *testing.T, make func() (sync.Locker, Waiter), options ...Option) {
	locktest.Cond(t, func() (sync.Locker, locktest.Waiter) { return make() }, all(options)...)
}

// Once checks a type that does something once. make returns a new value.
func Once(t *testing.T, make func() Doer, options ...Option) {
	locktest.Once(t, func() locktest.Doer { return make() }, all(options)...)
}

// WaitGroup checks a wait group. make returns a new one, with a counter of zero.
func WaitGroup(t *testing.T, make func() Group, options ...Option) {
	locktest.WaitGroup(t, func() locktest.Group { return make() }, all(options)...)
}

// Main runs the tests of a package, as [testing.M.Run] does, for its TestMain. If nothing makes progress for a
// minute, it prints the stacks of all goroutines and ends the program: a faulty lock often hangs, and go test
// ends a test that hangs only after ten minutes. Main does not watch benchmarks and fuzzing.
func Main(m *testing.M) { locktest.Main(m) }
