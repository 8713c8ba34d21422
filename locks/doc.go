// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package locks provides everything in package sync, with waits that can be given up, and adds semaphores,
// events, latches and barriers. A goroutine that is pinned to its thread waits in the kernel, as that thread.
//
// A program that replaces sync by locks compiles and behaves as before:
//
//	import sync "github.com/osync-go/osync/locks"
//
// It can also:
//
//	need                                             use
//	stop waiting for a lock after 10 ms              m.TryLockFor(10*time.Millisecond)
//	stop waiting when the request is cancelled       m.LockContext(ctx)
//	stop waiting for a lock for reading              rw.TryRLockFor, rw.RLockContext
//	stop waiting for a condition                     c.WaitFor, c.WaitContext
//	stop waiting for a group of tasks                wg.WaitFor, wg.WaitContext
//	stop waiting at an absolute deadline             m.LockLimit(park.Until(t)), wg.WaitLimit(park.Until(t))
//	spend one limit on several waits                 the Limit form that each wait has
//	let waiters in during a long loop with the lock  m.Bump, rw.RBump; see also m.HasWaiters
//	wait in the kernel, as an OS thread              thread.Pin or thread.Spawn; the same locks
//
// Package sync has no equivalent of these:
//
//	need                                             use
//	look first, and write only if necessary          RWMutex.UpgradableLock, then Upgrade
//	write, and go on reading what was written        RWMutex.Downgrade
//	many readers on many processors, few writers     BiasedRWMutex
//	strict FIFO order, at the cost of throughput     FairMutex
//	a lock for each user, file or request            Keyed, KeyedRW
//	at most n at a time, by weight                   Semaphore; Resize changes n
//	count what others announce                       NewCountingSemaphore
//	make something once, retrying after a failure    Once.DoContext, OnceValueContext
//	announce an event                                Event releases all waiters, AutoEvent one
//	wait for n arrivals, once                        Latch
//	wait for each other, round after round           Barrier
//	wait for the first of several events, locks      WaitAny; in a select Event.Chan, Latch.Chan, WaitGroup.Chan
//	or units
//
// Related packages have:
//
//	need                                             use
//	keep data inside its lock                        package guard: guard.Mutex, guard.RWMutex
//	wait until that data is in some state            guard.Mutex.When: no Cond to signal
//	return a result computed under the lock          guard.With, guard.When, guard.Read
//	read small values often, without any lock        guard.SeqLock
//	a lock for threads that must never sleep         package spin
//	a lock of the system, owned by the thread        package native; native.PIMutex lends priority
//	run calls on one thread, on the main thread,     package thread: thread.Executor, thread.Main, thread.Ticker
//	or on time
//	build a lock                                     package park; package locktest tests it
//
// If package sync meets your needs, use it: it is part of Go, every tool knows it, and it is as fast where no
// goroutine waits. Channels are the better choice for passing values between goroutines.
//
// # Where a waiter sleeps
//
// A goroutine that waits sleeps in the Go scheduler and costs no thread. A goroutine that is pinned to its
// thread by package thread sleeps in the kernel, as that thread. Both wait in the same queue, in FIFO order.
// Package park, on which all types of this package are built, has the details.
//
// # What a wait returns when it gives up
//
// A wait that reaches its limit returns a [*park.GiveUpError]. The error names the lock, says how long the wait
// took, and wraps the reason, so test it with errors.Is, not with ==:
//
//	err := m.LockContext(ctx)
//	if errors.Is(err, context.DeadlineExceeded) { … }
//
// The reason is the [context.Cause] of a context, or [os.ErrDeadlineExceeded] for any other limit. If the
// reason is a timeout, os.IsTimeout reports true for the GiveUpError as well. If a context is done before the
// wait begins, its cause is returned unwrapped. Methods that take a duration report false instead of returning
// an error, except those of Barrier.
//
// # Fairness
//
// Locks allow barging: reserving a lock for a sleeping waiter would leave it idle until that waiter wakes. To
// prevent starvation, Unlock now and then hands the lock off to a waiter that has waited for a millisecond;
// the documentation of each type says when.
//
// # Misuse
//
// Misuse that is a fatal error in package sync, such as an unlock of an unlocked mutex or a negative
// WaitGroup counter, is a panic here, with the same text after "locks: ". A release that does not match
// how the lock is held panics as well, and so does a count that would overflow. The panic leaves the
// lock as it was before the call, and a program that recovers can go on using it. A lock cannot
// distinguish a release by a goroutine that holds nothing from one by the holder. go vet reports copies
// of locks.
//
// The build tag osync_debug, which is meant for tests, detects more mistakes. Among them are locks that are locked in
// different orders, goroutines that wait for themselves, and unlocks by a goroutine other than the holder. Package
// watch describes them, and how to make a mistake fail a test. The methods AssertHeld and AssertRHeld do nothing
// without that tag.
//
// # What tools show
//
// A stack dump shows a waiting goroutine as [select] if its wait has a limit, [syscall] if it is pinned,
// and [sync.Cond.Wait] otherwise. In a bubble of testing/synctest, a goroutine that waits for a lock is
// shown as [sync.Mutex.Lock], unless the program is built with the tag osync_synctest.
//
// To find contention, use the block profile (runtime.SetBlockProfileRate): it shows which goroutines
// waited, where and for how long, except for pinned threads. The mutex profile shows none of these waits,
// and the metric /sync/mutex/wait/total does not count them: the runtime sees a wait for a sync.Cond,
// which it charges to no goroutine. (In a bubble of testing/synctest it sees a wait for a mutex. The
// profile then charges the wait to the goroutine that ended it, instead of those that held the lock
// meanwhile.)
//
// The goroutine leak profile of Go 1.27 does not find goroutines that wait here forever, nor
// goroutines that only those could wake. A lock of four bytes cannot point to its waiters, so they
// are in a global table, which is always reachable.
//
// The race detector understands all these locks as it does those of package sync.
//
// In a bubble of testing/synctest, goroutines that wait for a condition (Cond, WaitGroup, Semaphore, Event,
// AutoEvent, Latch, Barrier), or with a limit, are durably blocked, so that the bubble's time can advance. As with
// channels, they must be woken from the same bubble; a wake-up from outside ends the program. Goroutines that wait
// without a limit for a lock (Mutex, FairMutex, RWMutex, BiasedRWMutex, Keyed, KeyedRW, Once) are not durably
// blocked, as with package sync, and such a lock may be shared with goroutines outside the bubble. A pinned thread
// that sleeps in the kernel stops the time of its bubble, and synctest does not count it when it looks for a
// deadlock.
//
// With the build tag osync_synctest, every waiting goroutine in a bubble is durably blocked, including those that
// wait for a lock and those that are pinned. A lock may then be held across time.Sleep, and a deadlock is
// detected. Whatever a bubble waits for must stay in that bubble: ending a wait from outside panics, with the name
// of the lock. The page docs/testing.md has the details.
package locks
