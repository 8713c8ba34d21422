// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package park puts goroutines to sleep until a word in memory changes. It is the
// foundation on which package locks is built, and from which anyone can build a lock.
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
// It is a parking lot, as in WebKit (Filip Pizlo, Locking in WebKit, 2016) and in
// Rust's parking_lot_core: a table from addresses to queues. A lock that nobody waits for
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
// and wake. Like a futex they may wake for no reason, and callers loop.
//
// [Queue] and [Waiter.Sleep] are for authors who want more: to decide under the lock of the queue
// whether to sleep, to hand a lock over with the wake, to settle the word in the same
// step when a waiter gives up. A word should be used through one of the layers alone:
// the short cut of [Wake] relies on how [Wait] counts itself.
//
// # Contract
//
//   - Wait returns at once when *addr differs. A Wake that follows a store which the
//     comparison did not see finds the sleeper.
//   - A wait that ends by its limit or context takes no wake that another waiter needed. It
//     leaves nothing behind: no goroutine, no timer, no memory.
//   - Deadlines count by the monotonic clock, and interruptions do not stretch them.
//   - Waiters on a word are served in FIFO order.
//   - Waking one waiter takes the same time however many wait. Waking or moving all takes time for
//     each, some 20 ns; other words can be used meanwhile.
//   - What comes before [Waiter.Wake] synchronizes before the return of the [Waiter.Sleep] that
//     it ends. [Wait] promises no such thing, as it may return for no reason: there the
//     caller's own atomic operations order memory.
//   - Nothing is allocated but a channel and a timer by waits with a limit or a context,
//     and what a pool of Waiters needs.
//
// # Mistakes
//
// A Waiter that is pushed twice, woken twice, or woken or freed while it is queued would corrupt the
// queues of unrelated locks. Such a mistake always panics, with the name of the rule. The build tag
// osync_debug adds checks that take time: a Queue that is locked while the goroutine holds another
// one, or used after its function has returned; a Wake before the queue is unlocked; a Waiter that is
// used by another goroutine, or after Free; a word that is used through both layers. Run the tests of
// a lock with it. A Waiter that is popped and never woken cannot be detected: its goroutine sleeps for
// ever.
//
// # In stack dumps
//
// A goroutine that waits for a lock is shown as [sync.Mutex.Lock], one that waits for a condition as
// [sync.Cond.Wait], one whose wait has a limit as [select], and a pinned thread as [syscall]. The
// runtime's mutex profile would charge the wrong goroutines with waits for locks. So while it is taken,
// these are shown as [sync.Cond.Wait], too.
//
// # testing/synctest
//
// A goroutine that waits for a condition, or with a limit, is durably blocked in its bubble, and
// must be woken from the same bubble: a wake-up from outside ends the program. The runtime has no
// wait that is durable and can be ended from outside. A goroutine that waits for a lock without a
// limit is not durably blocked, and may be woken from anywhere. A pinned thread asleep in the
// kernel keeps the bubble's time from advancing.
package park
