// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command rwlock1 is the smallest readers-writer lock: a number of readers, or a writer.
//
// Watch for: a writer sleeps until the number changes, and each reader that comes or goes changes it.
// If that happens between the writer's check and its sleep, the writer checks again, and so it may be
// busy for as long as readers come and go. And while readers overlap, no writer gets in at all.
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

const about = `rwlock1 is a readers-writer lock in one word.`

func main() { program.Main(about, run) }

// The word of an rwlock:
//
//	value        who leaves this state, and how
//	0            RLock: CAS to 1; Lock: CAS to writing
//	n readers    RLock: CAS to n+1; RUnlock: add -1, and the last wakes a writer
//	writing      Unlock: store 0, then wake all
//
// Readers sleep on writing, writers on whatever is not 0.
type rwlock struct{ state atomic.Uint32 }

const writing = math.MaxUint32

func (l *rwlock) RLock() {
	for {
		s := l.state.Load()
		if s == writing {
			park.Wait(&l.state, s)
		} else if s == writing-1 {
			panic("too many readers")
		} else if l.state.CompareAndSwap(s, s+1) { // acquire
			return
		}
	}
}

func (l *rwlock) RUnlock() {
	if l.state.Add(^uint32(0)) == 0 { // release
		park.Wake(&l.state) // a writer: readers do not sleep on numbers
	}
}

func (l *rwlock) Lock() {
	for !l.state.CompareAndSwap(0, writing) { // acquire
		s := l.state.Load()
		turns.Add(1)
		if s != 0 {
			park.Wait(&l.state, s)
		}
	}
}

func (l *rwlock) Unlock() {
	l.state.Store(0) // release
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
		l.RLock()
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
	return timing.RWMutex(out, func() timing.RWLocker { return new(rwlock) })
}
