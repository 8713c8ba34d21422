// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command rwlock2 gives writers a word of their own to sleep on, that changes only when the lock may
// be free: a waiting writer no longer looks again for each reader that comes and goes.
//
// Watch for: the last holder to leave wakes a writer and all readers, since the word does not say which
// of them wait. And still, while readers overlap, no writer gets in: a newcomer overtakes it, as the program shows.
package main

import (
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

const about = `rwlock2 is a readers-writer lock whose writers are not busy while they wait.`

func main() { program.Main(about, run) }

// The words of an rwlock:
//
//	state        who leaves this state, and how
//	0            RLock: CAS to 1; Lock: CAS to writing
//	n readers    RLock: CAS to n+1; RUnlock: add -1
//	writing      Unlock: store 0, then wake a writer and all readers
//
// leaves is added to by whoever sets state to 0, afterwards. Readers sleep on state, writers on leaves.
type rwlock struct {
	state  atomic.Uint32
	leaves atomic.Uint32 // New
}

const writing = math.MaxUint32

func (l *rwlock) RLock() {
	for {
		s := l.state.Load()
		if s == writing {
			park.Wait(&l.state, s)
		} else if s == writing-1 {
			panic("too many readers")
		} else if l.state.CompareAndSwap(s, s+1) {
			return
		}
	}
}

func (l *rwlock) RUnlock() {
	if l.state.Add(^uint32(0)) == 0 {
		l.leaves.Add(1) // New
		park.Wake(&l.leaves)
	}
}

func (l *rwlock) Lock() {
	for !l.state.CompareAndSwap(0, writing) {
		seen := l.leaves.Load() // New: before the look at state
		turns.Add(1)
		if l.state.Load() != 0 {
			park.Wait(&l.leaves, seen) // New
		}
	}
}

func (l *rwlock) Unlock() {
	l.state.Store(0)
	l.leaves.Add(1) // New
	park.Wake(&l.leaves)
	park.WakeAll(&l.state)
}

// turns counts how often waiting writers have looked.
var turns atomic.Int64

func run(out io.Writer) error {
	// One reader stays inside, another comes and goes, and a writer waits for both.
	var l rwlock
	var wg sync.WaitGroup
	const visits = 20_000
	l.RLock()
	turns.Store(0)
	wg.Go(func() {
		l.Lock()
		l.Unlock()
	})
	for n := 0; n < visits; {
		l.RLock() // It overtakes the writer, which arrived earlier.
		l.RUnlock()
		if turns.Load() > 0 { // the writer has come
			n++
		} else {
			runtime.Gosched()
		}
	}
	looked := turns.Load()
	l.RUnlock()
	wg.Wait()
	fmt.Fprintf(out, "while a reader came and went %d times, a waiting writer checked the lock %d times\n", visits, looked)
	fmt.Fprintln(out, "but the reader has overtaken it each time")
	return timing.RWMutex(out, func() timing.RWLocker { return new(rwlock) })
}
