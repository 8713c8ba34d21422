// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"context"
	"errors"
	"os"

	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/sys/futex"
)

// The kernel word of a waiter:
//
//	value         meaning                          who leaves it, and how
//	kernelAwake   in the queue, not yet asleep     sleeper: CAS to asleep; waker: swap to woken
//	kernelAsleep  in futex.Wait, or on its way     waker: swap to woken, then futex.Wake
//	kernelWoken   woken; nobody writes it again    the next enter, under the bucket's lock
//
// A waker that swaps out kernelAwake need not call the kernel: the sleeper has not gone to
// sleep, and its CAS will fail. A futex.Wake that comes late finds the waiter in another
// sleep, which it ends for no reason; the sleeper looks at the word and goes on sleeping.
const (
	kernelAwake = iota
	kernelAsleep
	kernelWoken
)

// kernelSleep reports whether pinned threads sleep in the kernel. Where a sleeping thread
// would keep its processor from everyone else, and there is only one, it must not.
func kernelSleep() bool {
	return futex.Supported(futex.Private) && (futex.HandsOn() || spin.Procs() > 1)
}

// sleepKernel blocks the thread until w is woken, or returns why it gives up.
func (w *Waiter) sleepKernel() error {
	if w.spin() {
		return nil
	}
	if w.ctx != nil {
		defer w.wakeAtEnd(w.ctx)()
	}
	for {
		w.kernel.CompareAndSwap(kernelAwake, kernelAsleep)
		if w.kernel.Load() == kernelWoken {
			return nil
		}
		if w.ctx != nil && w.ctx.Err() != nil {
			return context.Cause(w.ctx)
		}
		err := futex.WaitUntil(&w.kernel, kernelAsleep, w.deadline, futex.Private)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
	}
}

// wakeAtEnd arranges that the end of ctx wakes the thread. The function that it returns
// takes that back, and waits for a call-back that has begun: it uses w.
func (w *Waiter) wakeAtEnd(ctx context.Context) func() {
	called := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		// Not asleep any more, so that a sleep about to begin does not.
		if w.kernel.CompareAndSwap(kernelAsleep, kernelAwake) {
			futex.Wake(&w.kernel, futex.Private) // as in Wake
		}
		close(called)
	})
	return func() {
		if !stop() {
			<-called
		}
	}
}

// Between pinned threads a sleep and a wake cost 40 to 80 µs when an idle processor has
// to be woken, so a thread waits a little while awake. One round is 10 pauses.
const (
	spinRounds = 40
	spinPauses = 10
)

// spin waits awake for a short time and reports whether w was woken meanwhile.
func (w *Waiter) spin() bool {
	if !spin.Worthwhile() {
		return w.kernel.Load() == kernelWoken
	}
	for range spinRounds {
		if w.kernel.Load() == kernelWoken {
			return true
		}
		spin.Pause(spinPauses)
	}
	return w.kernel.Load() == kernelWoken
}
