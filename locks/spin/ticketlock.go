// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin

import (
	"sync/atomic"

	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/spin"
)

// A TicketLock is a spin lock that is granted in FIFO order: each call of Lock draws a number, and waits
// until that number is called.
//
// The dangers of spin locks that the package comment describes apply, and one more: while the next waiter
// in line is not running, no other goroutine can get the lock. So a TicketLock is for threads that need
// equal shares, and for no more threads than processors. Otherwise use a FairMutex of package locks.
//
// The zero value is an unlocked TicketLock. It must not be copied after first use. It is eight bytes long,
// and uses no other memory. Up to 4,294,967,295 goroutines can hold it or wait for it, which is more than
// fit into the memory of a machine.
//
// A number that was drawn cannot be given back, so there are no forms of Lock that give up; TryLock draws
// a number only if that number is called at once.
//
// No goroutine owns a TicketLock: one may lock it and another unlock it. The Unlock must come after the Lock
// has returned. A failed TryLock is no evidence that it has.
//
// In the terms of [the Go memory model], the n'th unlock synchronizes before the return of the m'th
// lock for every n < m. A failed TryLock establishes no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
type TicketLock struct {
	_       noCopy
	next    atomic.Uint32 // the next number to draw
	serving atomic.Uint32 // the number that is called
}

// The lock is held while the words differ, by the goroutine that drew the number in serving. Only the
// holder changes serving. The number of goroutines that hold the lock or wait is next - serving, even
// after the words have overflowed.

// ticketPauses is how many pauses a waiter makes for each goroutine before it.
const ticketPauses = 8

// Lock locks l. It spins until all goroutines that arrived before have had l.
func (l *TicketLock) Lock() {
	if number := l.next.Add(1) - 1; number != l.serving.Load() { // acquire
		l.await(number)
	}
}

// TryLock tries to lock l without spinning, and reports whether it succeeded.
func (l *TicketLock) TryLock() bool {
	// If both words hold number, l is free: serving never passes next.
	number := l.serving.Load() // acquire
	return l.next.CompareAndSwap(number, number+1)
}

// Unlock unlocks l and calls the next number. It panics, and changes nothing, if l is not
// locked.
func (l *TicketLock) Unlock() {
	number := l.serving.Load()
	// With a compare-and-swap, one of two concurrent Unlocks panics. With a store, both would call
	// the same number.
	if number == l.next.Load() || !l.serving.CompareAndSwap(number, number+1) { // release
		panic("spin: unlock of unlocked TicketLock")
	}
}

// await waits until number is called. A waiter that is far back examines serving less often. If the
// goroutines ahead of it cannot all be running, it yields.
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
