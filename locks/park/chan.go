// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"sync"
	"sync/atomic"
)

// Chan is [Waiter.Sleep] for a select statement: it does not sleep, but returns a channel that is closed when the wait
// is over. It locks the queue of the word at addr and calls e.Enqueue with a Waiter that has the tag. If that does not
// push the Waiter, the channel is closed already. Otherwise it is closed when the Waiter is woken. The tokens are
// discarded. So Chan is for waits that take nothing: the goroutine in the select statement may proceed for another
// reason, and no goroutine would give back what the wait was granted.
//
// The function stop ends the wait: it takes the Waiter out of the queue, with e.GiveUp, and the channel is never
// closed, unless it was closed before. Call stop when the channel is no longer needed; any goroutine may call it, and
// repeatedly. Until stop or the wake, the queue refers to the Waiter, and so to e, even if the caller has dropped the
// channel. No goroutine is started; the wait takes some 700 bytes.
//
// The goroutine that calls Wake closes the channel, at its own expense. In a bubble of testing/synctest the channel
// belongs to the bubble: a wake from outside panics. Package watch does not show the wait, since there may be no
// goroutine that waits.
//
//go:norace
func Chan(addr *atomic.Uint32, e Enqueuer, tag uint64) (c <-chan struct{}, stop func()) {
	w := newWaiter() // only stop could return it to the pool
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
