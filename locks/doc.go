// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package locks has all of package sync, with waits that can end, and semaphores, events, latches and
// barriers. A goroutine that is pinned to its thread waits as that thread, in the kernel.
//
// A program that replaces sync by locks compiles and behaves as before:
//
//	import sync "github.com/osync-go/osync/locks"
//
// It gains:
//
//	need                                             use
//	a lock, or nothing after 10 ms                   m.TryLockFor(10*time.Millisecond)
//	a lock, unless the request is cancelled          m.LockContext(ctx)
//	the same for readers                             rw.TryRLockFor, rw.RLockContext
//	a condition, or nothing after a while            c.WaitFor, c.WaitContext
//	the end of a group of tasks, or a time limit     wg.WaitFor, wg.WaitContext
//	an absolute deadline                             m.LockLimit(park.Until(t)), wg.WaitLimit(park.Until(t))
//	one limit for several waits                      the same: each wait has a Limit form
//	to let others in, in a long loop with the lock   m.Bump, rw.RBump; m.HasWaiters asks
//	to wait as an OS thread, in the kernel           thread.Pin or thread.Spawn; the same locks
//
// Package sync does not have:
//
//	need                                             use
//	to look first, and write only if need be         RWMutex.UpgradableLock, then Upgrade
//	to write, and go on reading what was written     RWMutex.Downgrade
//	many readers on many processors, few writers     BiasedRWMutex
//	strict FIFO order, whatever it costs             FairMutex
//	a lock for each user, file or request            Keyed, KeyedRW
//	at most n at a time, by weight                   Semaphore; Resize changes n
//	to count what others announce                    NewCountingSemaphore
//	to make something once, though tries may fail    Once.DoContext, OnceValueContext
//	to announce an event to all waiters              Event; to one waiter: AutoEvent
//	to wait for n arrivals, once                     Latch
//	to wait for each other, round after round        Barrier
//	the first of several: events, locks, units       WaitAny; in a select Event.Chan, Latch.Chan, WaitGroup.Chan
//
// The packages beside it have:
//
//	need                                             use
//	the data inside its lock                         package guard: guard.Mutex, guard.RWMutex
//	to wait until that data is in some state         guard.Mutex.When: no Cond to signal
//	a result of what is done under the lock          guard.With, guard.When, guard.Read
//	small values, read often, without any lock       guard.SeqLock
//	a lock for threads that must never sleep         package spin
//	a lock of the system, owned by the thread        package native; native.PIMutex lends priority
//	calls on one thread, the first one, or in time   package thread: thread.Executor, thread.Main, thread.Ticker
//	a lock of your own                               package park; package locktest tests it
//
// If package sync meets the need, use it: it is part of Go, known to every tool, and as fast
// where no goroutine waits. Channels serve better where values change hands.
//
// # Where a waiter sleeps
//
// A goroutine that has to wait sleeps in the Go scheduler and costs no thread. A goroutine that is
// pinned to its thread by package thread sleeps in the kernel, as that thread. Both wait in the same
// queue, in FIFO order; see package park, on which all types of this package are built.
//
// # What an ended wait returns
//
// The error of a wait that its limit has ended is a [*park.GiveUpError]. It says which lock it was and how long the
// wait took, and wraps the reason, so compare with errors.Is, not ==:
//
//	err := m.LockContext(ctx)
//	if errors.Is(err, context.DeadlineExceeded) { … }
//
// The reason is the [context.Cause] of a context, and [os.ErrDeadlineExceeded] for other limits. If it is that the
// time was up, os.IsTimeout reports true for the GiveUpError, too. A context that is done before the wait begins is no
// wait: its cause is returned as it is. Forms that take a duration report false instead; only those of Barrier return
// an error.
//
// # Fairness
//
// Locks allow barging: reserving a lock for a sleeping waiter would leave it idle until that waiter
// wakes. But the lock is handed to a waiter of a millisecond now and then; each type says how.
//
// # Misuse
//
// Misuse that is a fatal error in package sync, an unlock of an unlocked mutex or a negative WaitGroup
// counter, is a panic here, with the same words after "locks: ". A release that does not match how the
// lock is held, and a count that would overflow, panic as well. The lock is then as it was before the
// call, and a program that recovers may go on using it. A lock cannot tell a release by a goroutine that
// holds nothing from one by the holder. go vet reports copies of locks.
//
// The build tag osync_debug finds more, in tests above all: locks that are locked in different orders, goroutines that wait
// for themselves, unlocks by other goroutines, and others. Package watch describes what is found, and
// how to make it fail a test. The methods AssertHeld and AssertRHeld do nothing without that tag.
//
// # What tools show
//
// A goroutine that waits is shown in a stack dump as [select] if its wait has a limit, [syscall] if it is
// pinned, and [sync.Cond.Wait] otherwise. In a bubble of testing/synctest, one that waits for a lock is
// shown as [sync.Mutex.Lock], but not with the build tag osync_synctest.
//
// To find contention, use the block profile (runtime.SetBlockProfileRate): it shows which goroutines
// waited, where and for how long, except for pinned threads. The mutex profile shows none of these
// waits, nor does the metric /sync/mutex/wait/total. Goroutines wait for locks as they do for a sync.Cond,
// which is not charged to any goroutine. (In a bubble of testing/synctest they cannot, and the profile
// then charges a wait to the goroutine that ended it instead of those that held the lock meanwhile.)
//
// The goroutine leak profile of Go 1.27 does not find goroutines that wait here for ever, nor
// goroutines that only those could wake. A lock of four bytes cannot point to its waiters; they are
// in a table that is always reachable.
//
// The race detector sees all locks, exactly as it sees those of package sync.
//
// In a bubble of testing/synctest, goroutines that wait for a condition (Cond, WaitGroup,
// Semaphore, Event, AutoEvent, Latch, Barrier), or with a limit, are durably blocked, so that
// the bubble's time can go on. They must be woken from the same bubble, as with channels; a wake-up
// from outside ends the program. Goroutines that wait without a limit for a lock (Mutex, FairMutex,
// RWMutex, BiasedRWMutex, Keyed, KeyedRW, Once) are not durably blocked, as with package sync, and such a lock may be
// shared with goroutines outside the bubble. A pinned thread asleep in the kernel stops the time of its
// bubble, and hides from the detection of deadlocks.
//
// With the build tag osync_synctest every wait in a bubble is durably blocked, for a lock and of a pinned thread,
// too, so that a lock may be held across time.Sleep, and a deadlock is found. What is waited for in a bubble must
// then stay in that bubble: to end a wait from outside panics, with the name of the lock. The page docs/testing.md
// has the details.
package locks
