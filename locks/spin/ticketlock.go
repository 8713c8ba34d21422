// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin

import (
	"sync/atomic"

	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/spin"
)

// A TicketLock is a spin lock in FIFO order: each call of Lock draws a number, and waits until that number
// is called.
//
// All that the package comment says about the danger of spin locks holds for it, and one thing more: while
// the next in line is not running, no other goroutine can have the lock. So it is for threads, no more of
// them than processors, that need equal shares. Otherwise use a FairMutex of package locks.
//
// The zero value is an unlocked TicketLock. It must not be copied after first use. It is eight
// bytes long, and no other memory is ever used. Up to 4,294,967,295 goroutines can hold it or wait, which is
// more than fit into the memory of a machine.
//
// A number that was drawn cannot be given back, so there is no Lock that gives up; TryLock draws a number
// only if that is called at once.
//
// No goroutine owns a TicketLock: one may lock it and another unlock it. The Unlock must come after the Lock
// has returned. A TryLock that fails does not show that it has.
//
// In the terms of [the Go memory model], the n'th unlock synchronizes before the return of the m'th
// lock for every n < m. A TryLock that fails establishes no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
type TicketLock struct {
	_       noCopy
	next    atomic.Uint32 // the next number to draw
	serving atomic.Uint32 // the number that is called
}

// The lock is held while the words differ, by the goroutine that has drawn the number in serving. Only
// the holder changes serving. next - serving goroutines hold the lock or wait, also when the words have
// overflowed.

// ticketPauses is how many pauses a waiter makes for each goroutine before it.
const ticketPauses = 8

// Lock locks l. It spins until all goroutines that came before have had l.
func (l *TicketLock) Lock() {
	if number := l.next.Add(1) - 1; number != l.serving.Load() { // acquire
		l.await(number)
	}
}

// TryLock locks l if it is free, and reports whether it succeeded. It looks once.
func (l *TicketLock) TryLock() bool {
	// If both words hold number, l is free: serving never passes next.
	number := l.serving.Load() // acquire
	return l.next.CompareAndSwap(number, number+1)
}

// Unlock unlocks l and calls the next number. It panics, and changes nothing, if l is not
// locked.
func (l *TicketLock) Unlock() {
	number := l.serving.Load()
	// With a compare-and-swap one of two concurrent Unlocks panics. With a store both would call the
	// same number.
	if number == l.next.Load() || !l.serving.CompareAndSwap(number, number+1) { // release
		panic("spin: unlock of unlocked TicketLock")
	}
}

// await waits until number is called. A waiter that is far behind looks less often. If the goroutines
// before it cannot all be running, it yields.
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
