// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command mutex3 adds a little spinning to mutex2. To sleep and to be woken takes longer than most
// critical sections do, so a waiter checks the word some times before it sleeps, if other processors run.
//
// Watch for: it spins by looking, not by trying (see ch07/mesi), and not while another waiter sleeps:
// then the lock is held for long. The price is processor time. How it compares depends on the machine
// and on the load; with one processor it does not spin at all.
package main

import (
	"io"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/ch09/internal/timing"
	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks/park"
)

const about = `mutex3 is a mutex of three states that spins a little before it sleeps.`

func main() { program.Main(about, run) }

// The word of a mutex, as in mutex2:
//
//	value         who leaves this state, and how
//	0 unlocked    Lock: CAS to 1; a waiter: swap to 2
//	1 locked      Unlock: swap to 0; a waiter, before it sleeps: swap to 2
//	2 contended   Unlock: swap to 0, then wake one
type mutex struct{ state atomic.Uint32 }

const (
	unlocked = iota
	locked
	contended
)

func (m *mutex) Lock() {
	if m.state.CompareAndSwap(unlocked, locked) {
		return
	}
	m.lockContended()
}

func (m *mutex) lockContended() {
	if spin.Worthwhile() { // New: another processor can run the holder
		for tries := 0; m.state.Load() == locked && tries < 100; tries++ {
			spin.Pause(1)
		}
		if m.state.CompareAndSwap(unlocked, locked) { // New: without claiming that a waiter sleeps
			return
		}
	}
	for m.state.Swap(contended) != unlocked {
		park.Wait(&m.state, contended)
	}
}

func (m *mutex) Unlock() {
	if m.state.Swap(unlocked) == contended {
		park.Wake(&m.state)
	}
}

func run(out io.Writer) error {
	return timing.Mutex(out, func() sync.Locker { return new(mutex) })
}
