// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"sync"
	"sync/atomic"
)

// Chan is [Waiter.Sleep] for a select statement: it does not sleep, but returns a channel that is closed when the wait is
// over. It locks the queue of the word at addr and calls e.Enqueue with a Waiter that has the tag. If that does not push
// the Waiter, the channel is closed already. Otherwise it is closed when the Waiter is woken. The tokens are not
// seen. So Chan is for waits that take nothing: whoever receives from the channel may have gone on for another reason, and
// nobody would give back what the wait has got.
//
// The function stop ends the wait: it takes the Waiter out of the queue, with e.GiveUp, and the channel is never closed, unless
// it was closed before. Call it when the channel is not needed any more; it may be called several times, and by any
// goroutine. Until stop or the wake the queue refers to the Waiter, and so to e, though the caller may have forgotten the channel. No
// goroutine waits; it takes some 700 bytes.
//
// The channel is closed by the goroutine that calls Wake, and takes its time. In a bubble of testing/synctest the channel belongs
// to the bubble: if a goroutine outside wakes the Waiter, that panics. Package watch does not show the wait, as no goroutine
// may be waiting.
//
//go:norace
func Chan(addr *atomic.Uint32, e Enqueuer, tag uint64) (c <-chan struct{}, stop func()) {
	w := newWaiter() // the pool could have it back only from stop
	w.noteOwner()
	w.stage, w.way, w.spins = isIdle, byClose, false
	w.hasLimit = true // it can give up
	w.addrToEnter, w.enqueuer, w.tag = addr, e, tag
	done := make(chan struct{})
	w.done = done
	if !w.enqueue() {
		close(done)
		return done, func() {}
	}
	return done, sync.OnceFunc(func() { w.giveUp() })
}
