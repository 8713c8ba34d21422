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
// # Who waits decides where it sleeps
//
// An ordinary goroutine sleeps in the Go scheduler and never costs a thread. A goroutine
// that is pinned to its thread (see package thread) sleeps as that thread, in the kernel. Both
// stand in the same queue, first come, first served, and whoever wakes them need not know.
// [Backend] says where pinned threads sleep on this system.
//
// # Two layers
//
// [Wait], [Wake] and their kin are all that most locks need: compare and sleep in one step,
// and wake. Like a futex they may wake for no reason, and callers loop.
//
// [Queue] and [Waiter] are for authors who want more: to decide under the lock of the queue
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
//   - Waiters on a word are served first come, first served.
//   - To wake one takes the same time however many wait. To wake or move all takes time for
//     each, and the words of other queues can be used meanwhile.
//   - What comes before [Waiter.Wake] synchronizes before the return of the [Waiter.Sleep] that
//     it ends. [Wait] promises no such thing, as it may return for no reason: there the
//     caller's own atomic operations order memory.
//   - Nothing is allocated but a channel and a timer by waits with a limit or a context,
//     and what a pool of Waiters needs.
//
// # Mistakes
//
// A Waiter that is pushed twice, woken twice, woken in a queue, freed in a queue, and so on, would corrupt
// what belongs to strangers. These mistakes are looked for always, and are panics that name the
// rule. The build tag osync_debug looks for more, which takes time: a Queue that is locked while the goroutine
// holds another one, or is used after its function has returned; a Wake before the queue is
// unlocked; a Waiter that another goroutine uses, or that is used after Free; a word that is used through
// both layers. Run the tests of a lock with it.
//
// # In stack dumps
//
// Who waits for a lock is shown as [sync.Mutex.Lock], who waits for a condition as
// [sync.Cond.Wait] (with a limit: [select]), and a pinned thread as [syscall]. While the
// runtime takes its mutex profile, which would blame the wrong goroutines, who waits for a lock is
// shown as [sync.Cond.Wait], too.
//
// # testing/synctest
//
// A goroutine that waits for a condition, or with a limit, is durably blocked in its bubble, and must be
// woken from the same bubble: a wake-up from outside ends the program. The runtime has no wait that is
// durable and can be ended from outside. One that waits for a lock is not, and may be woken from
// anywhere. A pinned thread asleep in the kernel keeps the bubble's time from advancing.
package park
