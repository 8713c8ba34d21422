// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package park puts goroutines to sleep until a word in memory changes. Package locks is built
// on it, and so can be a lock of your own.
//
// A lock, in full:
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
// The package is a parking lot, as in WebKit (Filip Pizlo, Locking in WebKit, 2016) and in
// Rust's parking_lot_core: a table from addresses to queues. A lock without waiters
// takes no more memory than its word.
//
// # Where a waiter sleeps
//
// An ordinary goroutine sleeps in the Go scheduler and never costs a thread. A goroutine
// that is pinned to its thread (see package thread) sleeps as that thread, in the kernel. Both
// wait in the same FIFO queue, and a waker need not know which is which. [Backend] says where pinned
// threads sleep on this system.
//
// # Two layers
//
// [Wait], [Wake] and their kin are all that most locks need: compare and sleep in one step,
// and wake. As with a futex, spurious wake-ups are possible, and callers loop.
//
// [Waiter] and [Queue] are for locks that need more. [Waiter.Sleep] asks the lock, its [Enqueuer],
// under the lock of the queue whether to sleep, and asks it to settle the word in the same step when the
// waiter gives up. [WithQueue] and [Queue.Pop] take waiters out, and [Waiter.Wake] passes a token with
// the wake-up, such as the lock itself. A word should be used through one of the layers alone: the short
// cut of [Wake] relies on how [Wait] announces itself.
//
// [WaitAny] waits for the first of several words, and [SleepAny] for the first of several locks of the second
// layer.
//
// # Contract
//
//   - Wait returns at once when *addr differs. A Wake that follows a store which the
//     comparison did not see finds the sleeper.
//   - A wait that ends by its limit or context uses up no wake that another waiter needed. It
//     leaves nothing behind: no goroutine, no timer, no memory.
//   - Deadlines count by the monotonic clock, and interruptions do not extend them.
//   - Waiters on a word are woken in FIFO order, unless the lock pushes them to another place.
//   - Waking one waiter takes the same time however many wait. Waking or moving many takes some 20 ns for
//     each; other words can be used meanwhile.
//   - What comes before [Waiter.Wake] synchronizes before the return of the [Waiter.Sleep] that
//     it ends. [Wait] promises no such thing, as its return may be spurious: there the
//     caller's own atomic operations order memory.
//   - Of several words, one wakes the goroutine: a wake of another one goes to the next waiter there.
//   - A wait allocates nothing, except what a pool of Waiters needs, and a channel and a timer if it has
//     a limit.
//
// # Mistakes
//
// A Waiter that is pushed twice, woken twice, or woken or freed while it is queued would corrupt the
// queues of unrelated locks. Such a mistake always panics, with the name of the rule. The build tag
// osync_debug adds checks that take time: a Queue that is locked while the goroutine holds another
// one, or used after its function has returned; a Wake before the queue is unlocked; a Waiter that is
// used by another goroutine, or after Free; a word that is used through both layers. Run the tests of
// a lock with it. A Waiter that is popped and never woken cannot be detected: its goroutine sleeps
// forever.
//
// # In stack dumps
//
// A waiting goroutine is shown as [sync.Cond.Wait], one whose wait has a limit as [select], and a pinned
// thread as [syscall]. In a bubble of testing/synctest, a goroutine that waits for a lock is shown as
// [sync.Mutex.Lock], but not with the build tag osync_synctest.
//
// # testing/synctest
//
// A goroutine that waits for a condition, or with a limit, is durably blocked in its bubble, and
// must be woken from the same bubble: a wake-up from outside ends the program. The runtime has no
// wait that is durable and can be ended from outside. A goroutine that waits for a lock without a
// limit is not durably blocked, and may be woken from anywhere. A pinned thread asleep in the
// kernel keeps the bubble's time from advancing.
//
// With the build tag osync_synctest all waits in a bubble are durably blocked, whatever their [Kind], those of
// pinned threads, too. [Waiter.Wake] panics if it is called outside the bubble in which the Waiter sleeps, and
// that one then sleeps forever. [Waiters.Wake] wakes the others first.
package park
