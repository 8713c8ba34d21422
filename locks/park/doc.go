// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package park puts goroutines to sleep until a word in memory changes. Package locks is built on
// it, and other locks can be, too.
//
// This is a complete lock:
//
//	type Gate struct{ closed atomic.Uint32 }
//
//	func (g *Gate) Enter() {
//		for !g.closed.CompareAndSwap(0, 1) {
//			park.Wait(&g.closed, 1)
//		}
//	}
//
//	func (g *Gate) Leave() {
//		g.closed.Store(0)
//		park.Wake(&g.closed)
//	}
//
// The package is a parking lot, as in WebKit (Filip Pizlo, Locking in WebKit, 2016) and in Rust's
// parking_lot_core: a table that maps addresses to queues. A lock without waiters takes no memory
// beyond its word.
//
// # Where a waiter sleeps
//
// An ordinary goroutine sleeps in the Go scheduler and never costs a thread. A goroutine that is
// pinned to its thread (see package thread) sleeps in the kernel, as that thread. Both wait in the
// same FIFO queue, and a waker need not distinguish them. [Backend] reports where pinned threads
// sleep on this system.
//
// # Two layers
//
// [Wait], [Wake] and their forms suffice for most locks: Wait compares and sleeps in one step, and
// Wake wakes. As with a futex, spurious wake-ups are possible, so callers loop.
//
// [Waiter] and [Queue] are for locks that need more. [Waiter.Sleep] calls the lock, as its [Enqueuer],
// with the queue locked: to decide whether to sleep, and to settle the word when the waiter gives up.
// [WithQueue] and [Queue.Pop] take waiters out, and [Waiter.Wake] passes a token with the wake-up, which
// can stand for the lock itself. Use each word through only one of the layers: the fast path of [Wake]
// relies on the announcements of [Wait].
//
// [WaitAny] waits for the first of several words, and [SleepAny] for the first of several locks of the second
// layer.
//
// # Contract
//
//   - Wait returns at once when *addr differs. A Wake that follows a store that the comparison did
//     not see finds the sleeper.
//   - A wait that its limit or context ends consumes no wake that another waiter needs. It leaves
//     nothing behind: no goroutine, no timer, no memory.
//   - Deadlines use the monotonic clock, and interruptions do not extend them.
//   - Waiters on a word are woken in FIFO order, unless the lock pushes them to another place.
//   - Waking one waiter takes the same time however many waiters there are. Waking or moving many takes
//     some 20 ns for each, and other words can be used meanwhile.
//   - A call of [Waiter.Wake] synchronizes before the return of the [Waiter.Sleep] that it ends.
//     [Wait] makes no such promise, as its return may be spurious: its callers order memory with
//     their own atomic operations.
//   - A goroutine that waits for several words consumes a wake of only one of them: a wake of another
//     word goes to the next waiter there.
//   - A wait allocates nothing except for the pool of Waiters, and a channel and a timer if it has a
//     limit.
//
// # Mistakes
//
// A Waiter that is pushed twice, woken twice, or woken or freed while it is queued would corrupt the
// queues of unrelated locks. Such a mistake always panics, with a message that states the rule. The
// build tag osync_debug adds checks that cost time: it detects a Queue that is locked while the
// goroutine holds another one, or used after its function has returned; a Wake before the queue is
// unlocked; a Waiter that is used by another goroutine, or after Free; and a word that is used
// through both layers. Run the tests of a lock with that tag. A Waiter that is popped and never woken
// cannot be detected: its goroutine sleeps forever.
//
// # In stack dumps
//
// A waiting goroutine is shown as [select] if its wait has a limit, [syscall] if it is pinned to its
// thread, and [sync.Cond.Wait] otherwise. In a bubble of testing/synctest, a goroutine that waits for a
// lock is shown as [sync.Mutex.Lock], unless the program is built with the tag osync_synctest.
//
// # testing/synctest
//
// A goroutine that waits for a condition, or with a limit, is durably blocked in its bubble, and
// must be woken from the same bubble: a wake-up from outside ends the program. The runtime has no
// wait that is durable and can be ended from outside. A goroutine that waits for a lock without a
// limit is not durably blocked, and may be woken from anywhere. A pinned thread that sleeps in the
// kernel keeps the bubble's time from advancing.
//
// With the build tag osync_synctest every waiting goroutine in a bubble is durably blocked, whatever the
// [Kind] of its wait, and so is every pinned thread. [Waiter.Wake] panics if it is called outside the bubble
// in which the Waiter sleeps, and that Waiter then sleeps forever. [Waiters.Wake] wakes the others first.
package park
