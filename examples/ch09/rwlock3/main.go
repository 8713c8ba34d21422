// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command rwlock3 lets a waiting writer stop new readers, so that readers cannot keep it out forever.
// One bit of the state says that a writer waits.
//
// Watch for: the newcomer waits now, behind the writer. What remains: writers that come
// one after the other can keep readers out, for Unlock says nothing of whose turn it is.
// locks.RWMutex lets in all readers that waited, before the next writer.
package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/ch09/internal/timing"
	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks/park"
)

const about = `rwlock3 is a readers-writer lock whose waiting writers stop new readers.`

func main() { program.Main(about, run) }

// The words of an rwlock:
//
//	state        who leaves this state, and how
//	2n           n readers. RLock: CAS to 2n+2; RUnlock: add -2; Lock: CAS 0 to writing,
//	             or others to 2n+1
//	2n+1         n readers, and a writer waits. RUnlock: add -2, and the last one wakes a
//	             writer; Lock: CAS 1 to writing
//	writing      Unlock: store 0, then wake a writer and all readers
//
// leaves is added to by whoever lets a writer try. Readers sleep on odd states, writers on leaves.
type rwlock struct {
	state  atomic.Uint32
	leaves atomic.Uint32
}

const writing = math.MaxUint32 // odd

func (l *rwlock) RLock() {
	for {
		s := l.state.Load()
		if s%2 == 1 { // New: a writer is inside, or waits
			park.Wait(&l.state, s)
		} else if s == writing-1 {
			panic("too many readers")
		} else if l.state.CompareAndSwap(s, s+2) {
			return
		}
	}
}

func (l *rwlock) RUnlock() {
	if l.state.Add(^uint32(1)) == 1 { // New: the last one, and a writer waits
		l.leaves.Add(1)
		park.Wake(&l.leaves)
	}
}

func (l *rwlock) Lock() {
	for {
		s := l.state.Load()
		if s <= 1 { // no goroutine is inside
			if l.state.CompareAndSwap(s, writing) {
				return
			}
			continue
		}
		if s%2 == 0 && !l.state.CompareAndSwap(s, s+1) { // New: no more readers
			continue
		}
		seen := l.leaves.Load() // before the look at state
		if l.state.Load() >= 2 {
			park.Wait(&l.leaves, seen)
		}
	}
}

func (l *rwlock) Unlock() {
	l.state.Store(0) // also forgets the bit; writers that wait set it again
	l.leaves.Add(1)
	park.Wake(&l.leaves)
	park.WakeAll(&l.state)
}

func run(out io.Writer) error {
	// A reader is inside, a writer comes, and then another reader.
	var l rwlock
	var wg sync.WaitGroup
	var order []string // by who is inside
	l.RLock()
	wg.Go(func() {
		l.Lock()
		order = append(order, "writer")
		l.Unlock()
	})
	for l.state.Load()%2 == 0 { // until the writer waits
		runtime.Gosched()
	}
	came := make(chan struct{})
	wg.Go(func() {
		close(came)
		l.RLock()
		order = append(order, "newcomer")
		l.RUnlock()
	})
	<-came
	l.RUnlock()
	wg.Wait()
	fmt.Fprintln(out, "while a reader is inside, a writer comes, and then another reader. They get the lock in the order", order)
	if order[0] != "writer" {
		return errors.New("a newcomer has overtaken the writer")
	}
	return timing.RWMutex(out, func() timing.RWLocker { return new(rwlock) })
}
