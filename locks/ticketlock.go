// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"sync/atomic"

	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/spin"
)

// A TicketLock is a spin lock in FIFO order: each call of Lock draws a number, and waits for it
// to be called.
//
// All that [SpinLock] says about the danger of spin locks holds for it, and one thing more:
// if the next in line is not running, no other goroutine can have the lock. So it is for threads, no
// more of them than processors, that need equal shares. Use a [FairMutex] otherwise.
//
// The zero value is an unlocked TicketLock. It must not be copied after first use. It is eight
// bytes long, and no other memory is ever used. At most 4,294,967,295 can hold it or wait, which is
// more than fit into the memory of a machine.
//
// The order is first come, first served. A number that was drawn cannot be given back, so there
// is no Lock that gives up; TryLock draws one only if it is called at once. No goroutine owns
// a TicketLock: one may lock it and another unlock it.
//
// In the terms of [the Go memory model], unlock number n synchronizes before the return
// of lock number m for every n < m. A TryLock that fails orders nothing.
//
// [the Go memory model]: https://go.dev/ref/mem
type TicketLock struct {
	_       noCopy
	drawn   atomic.Uint32 // numbers handed out
	serving atomic.Uint32 // the number that is called
}

// The lock is held while the words differ: by the one that drew the number which serving
// holds. Only the holder changes serving. drawn - serving is the number of those that hold it
// or wait, also when the words have overflowed.

// ticketPauses is how many pauses a waiter makes for each one before it.
const ticketPauses = 8

// Lock locks l. It looks at l until all that came before have had it.
func (l *TicketLock) Lock() {
	if number := l.drawn.Add(1) - 1; number != l.serving.Load() { // acquire
		l.await(number)
	}
}

// TryLock locks l if nobody holds it, and reports whether it has. It looks once.
func (l *TicketLock) TryLock() bool {
	// If both words hold number, nobody holds l: serving never passes drawn.
	number := l.serving.Load() // acquire
	return l.drawn.CompareAndSwap(number, number+1)
}

// Unlock unlocks l and calls the next number. It panics, and changes nothing, if l is not
// locked.
func (l *TicketLock) Unlock() {
	number := l.serving.Load()
	// It is a compare-and-swap so that of two Unlocks at once one panics, instead of both
	// calling the same number.
	if number == l.drawn.Load() || !l.serving.CompareAndSwap(number, number+1) { // release
		panic("locks: unlock of unlocked TicketLock")
	}
}

// await waits until number is called. One that is far behind looks less often, and if those
// before it cannot all be running it lets them run.
//
//go:noinline
func (l *TicketLock) await(number uint32) {
	var b spin.Backoff
	for {
		before := number - l.serving.Load() // acquire
		if before == 0 {
			return
		}
		if before >= uint32(procs.Count()) {
			b.Yield()
		}
		b.Wait(before * ticketPauses)
	}
}
