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

// Backend reports where a pinned thread sleeps now: "kernel" and the call it uses, as in "kernel
// (futex)", or "scheduler" if osync has no binding for the system, or if a sleeping thread would
// occupy the only processor. Goroutines always sleep in the scheduler.
func Backend() string {
	if kernelSleep() {
		return "kernel (" + futex.Backend() + ")"
	}
	return "scheduler"
}

// kernelSleep reports whether pinned threads sleep in the kernel. They must not if there is only one
// processor and a sleeping thread would keep it from the goroutines.
func kernelSleep() bool {
	return futex.Supported(futex.Private) && (handon.Works || procs.Count() > 1)
}

// The word of a Waiter that sleeps byKernel:
//
//	value   meaning                          left by
//	awake   in the queue, not yet asleep     the sleeper: CAS to asleep; the waker: swap to woken
//	asleep  asleep, or sure to be            the waker: swap to woken, and a futex wake; the end of
//	                                         a context: CAS to awake, and a futex wake
//	woken   woken; the queue is behind it    the next Push, under the lock of the queue
//
// A waker that finds the word awake need not wake the thread, since the sleeper's CAS will fail.
const (
	awake = iota
	asleep
	woken
)

// sleepKernel blocks the thread until w is woken or limit is reached, and reports whether limit was
// reached.
func (w *Waiter) sleepKernel(limit Limit) (limitReached bool) {
	if w.spin() {
		return false
	}
	if limit.ctx != nil {
		defer w.wakeAtEnd(endedContext{limit.ctx, limit.done})()
	}
	for { // a futex wake may be a late one, for an earlier sleep of w
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

// wakeKernel ends sleepKernel.
func (w *Waiter) wakeKernel() {
	if w.word.Swap(woken) == asleep {
		futex.Wake(&w.word, futex.Private) // fails only without a binding; then no thread sleeps here
	}
}

// wakeAtEnd arranges for the end of ctx to wake the thread. The function that it returns undoes
// that, and waits for a callback that has begun, since the callback uses w.
func (w *Waiter) wakeAtEnd(ctx context.Context) func() {
	called := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		// The word is awake before the futex wake, so that a sleep that is about to begin does not
		// begin.
		if w.word.CompareAndSwap(asleep, awake) {
			futex.Wake(&w.word, futex.Private) // as in wakeKernel
		}
		close(called)
	})
	return func() {
		if !stop() {
			<-called
		}
	}
}

// An endedContext is a context that has the properties on which package context relies: it has one
// Done channel, its Err is not nil once that is closed, and it does not panic. If Err were nil,
// package context would end the program.
type endedContext struct {
	context.Context
	done <-chan struct{}
}

func (c endedContext) Done() <-chan struct{} { return c.done }

// Err returns an error if Done is closed. The error itself does not matter.
func (c endedContext) Err() error {
	select {
	case <-c.done:
		return context.Canceled
	default:
		return nil
	}
}

// Value returns the context's value for key, or nil if the context panics. [context.AfterFunc] does
// not need values.
func (c endedContext) Value(key any) (v any) {
	defer func() { _ = recover() }()
	return c.Context.Value(key)
}

// Between pinned threads a sleep and a wake cost 40 to 80 µs if an idle processor must be woken. So
// a thread spins before it sleeps: up to 40 rounds of 10 pauses. Half a ping-pong then takes 0.6 to
// 1.3 µs instead of 35.
const (
	spinRounds = 40
	spinPauses = 10

	maxVainSpins = 8  // after this many futile spins in a row,
	spinRest     = 64 // this many sleeps begin without a spin
)

// spin waits awake for a short time and reports whether w was woken meanwhile.
//
// After several futile spins in a row, a number of sleeps begin without a spin. It takes several, since
// a thread that sleeps also makes its partner's next spin futile. They are counted per bucket, as an
// approximation of per lock.
func (w *Waiter) spin() bool {
	budget := spin.NewBudget(spinRounds, spinPauses)
	if budget.Spent() {
		return w.word.Load() == woken
	}
	b := w.pushedTo
	if n := b.vainSpins.Load(); n >= maxVainSpins {
		if n++; n >= maxVainSpins+spinRest {
			n = 0
		}
		b.vainSpins.Store(n) // a concurrent store may be lost: it is an estimate
		return w.word.Load() == woken
	}
	for ; !budget.Spent(); budget.Spend() {
		if w.word.Load() == woken {
			b.vainSpins.Store(0)
			return true
		}
	}
	b.vainSpins.Add(1)
	return w.word.Load() == woken
}
