// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command mutex2 adds a third state to mutex1: locked, with possible waiters. Unlock wakes only then.
// It is the mutex that most futex locks start from (Ulrich Drepper, Futexes are tricky, 2004).
//
// Watch for: a woken waiter locks with "contended", since it cannot know whether others still wait.
// So the word may announce a waiter that does not exist, which costs one idle wake.
package main

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/ch09/internal/timing"
	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks/park"
)

const about = `mutex2 is a mutex of three states: it wakes only if there may be waiters.`

func main() { program.Main(about, run) }

// The word of a mutex:
//
//	value         who leaves this state, and how
//	0 unlocked    Lock: CAS to 1; a waiter: swap to 2
//	1 locked      Unlock: swap to 0; a waiter, before it sleeps: swap to 2
//	2 contended   Unlock: swap to 0, then wake one
//
// Invariant: who sleeps, sleeps on 2. If the word is not 2 while a waiter sleeps, one that was
// woken is on its way to write 2.
type mutex struct{ state atomic.Uint32 }

const (
	unlocked = iota
	locked
	contended // New: a waiter may sleep
)

func (m *mutex) Lock() {
	if m.state.CompareAndSwap(unlocked, locked) { // New: no other goroutine is here
		return
	}
	for m.state.Swap(contended) != unlocked {
		park.Wait(&m.state, contended)
	}
}

func (m *mutex) Unlock() {
	if m.state.Swap(unlocked) == contended { // New: not always
		park.Wake(&m.state)
	}
}

func run(out io.Writer) error {
	var m mutex
	words := []uint32{m.state.Load()}
	m.Lock()
	words = append(words, m.state.Load())
	var wg sync.WaitGroup
	wg.Go(func() {
		m.Lock()
		words = append(words, m.state.Load())
		m.Unlock()
	})
	for m.state.Load() != contended { // until it goes to sleep
		runtime.Gosched()
	}
	words = append(words, m.state.Load())
	m.Unlock()
	wg.Wait()
	words = append(words, m.state.Load())
	fmt.Fprintf(out, "the word, free, locked, with a waiter, locked by it, free again: %v\n", words)
	if got, want := fmt.Sprint(words), "[0 1 2 2 0]"; got != want {
		return fmt.Errorf("want %s", want)
	}
	return timing.Mutex(out, func() sync.Locker { return new(mutex) })
}
