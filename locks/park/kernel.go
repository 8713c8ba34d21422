// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"context"
	"errors"
	"os"

	"github.com/osync-go/osync/internal/handon"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/sys/futex"
)

// kernelSleep reports whether pinned threads sleep in the kernel. Where a sleeping thread
// would keep its processor from everyone else, and there is only one, it must not.
func kernelSleep() bool {
	return futex.Supported(futex.Private) && (handon.Works || procs.Count() > 1)
}

// sleepKernel blocks the thread until w is woken or limit is reached, and reports whether it was
// the limit.
func (w *Waiter) sleepKernel(limit Limit) (over bool) {
	if w.spin() {
		return false
	}
	if limit.ctx != nil {
		defer w.wakeAtEnd(endedContext{limit.ctx, limit.done})()
	}
	for { // a wake may be for an earlier sleep of w, and means nothing
		w.word.CompareAndSwap(awake, asleep)
		if w.word.Load() == woken {
			return false
		}
		if limit.cancelled() {
			return true
		}
		err := futex.WaitUntil(&w.word, asleep, limit.deadline, futex.Private)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return true
		}
	}
}

// wakeAtEnd arranges that the end of ctx wakes the thread. The function that it returns
// takes that back, and waits for a call-back that has begun: it uses w.
func (w *Waiter) wakeAtEnd(ctx context.Context) func() {
	called := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		// Not asleep any more, so that a sleep about to begin does not.
		if w.word.CompareAndSwap(asleep, awake) {
			futex.Wake(&w.word, futex.Private) // as in Wake
		}
		close(called)
	})
	return func() {
		if !stop() {
			<-called
		}
	}
}

// An endedContext is a context with one Done channel, whose Err is not nil once that is closed, and
// that does not panic. Package context relies on all three, and ends the program if Err is nil.
type endedContext struct {
	context.Context
	done <-chan struct{}
}

func (c endedContext) Done() <-chan struct{} { return c.done }

// Err returns an error if Done is closed. Which one does not matter.
func (c endedContext) Err() error {
	select {
	case <-c.done:
		return context.Canceled
	default:
		return nil
	}
}

// Value returns what the context has for key, or nil if the context panics. [context.AfterFunc] can do
// without.
func (c endedContext) Value(key any) (v any) {
	defer func() { _ = recover() }()
	return c.Context.Value(key)
}

// Between pinned threads a sleep and a wake cost 40 to 80 µs when an idle processor has
// to be woken, so a thread waits a little while awake: up to 40 rounds of 10 pauses.
// Measured: 0.6 to 1.3 µs for half a ping-pong instead of 35.
const (
	spinRounds = 40
	spinPauses = 10

	spinTries = 8  // after so many spins in vain, in a row,
	spinRest  = 64 // so many sleeps go without
)

// spin waits awake for a short time and reports whether w was woken meanwhile.
//
// A spin must pay. Where several in a row were in vain, a number of sleeps goes without. It
// takes several, as one thread that sleeps makes its partner's next spin vain, too. Each bucket
// has a memory of its own, as a stand-in for the lock.
func (w *Waiter) spin() bool {
	budget := spin.NewBudget(spinRounds, spinPauses)
	if budget.Spent() {
		return w.word.Load() == woken
	}
	b := w.pushedTo
	if n := b.spinsInVain.Load(); n >= spinTries {
		if n++; n >= spinTries+spinRest {
			n = 0
		}
		b.spinsInVain.Store(n) // another's step may be lost: it is an estimate
		return w.word.Load() == woken
	}
	for ; !budget.Spent(); budget.Spend() {
		if w.word.Load() == woken {
			b.spinsInVain.Store(0)
			return true
		}
	}
	b.spinsInVain.Add(1)
	return w.word.Load() == woken
}
