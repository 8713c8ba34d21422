// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command mutex1 is the first mutex that sleeps: two states, a Wait and a Wake. It is the spin lock of
// chapter 4 with the spinning replaced by sleep.
//
// Watch for: it is correct, and as small as it can be. But each Unlock calls Wake, even without a
// waiter. In a parking lot that is two loads; where Wake is a system call, as in the book, that
// call would be most of the cost of the lock.
package main

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/ch09/internal/timing"
	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/sys/futex"
)

const about = `mutex1 is a mutex of two states: waiters sleep.`

func main() { program.Main(about, run) }

// The word of a mutex:
//
//	value        who leaves this state, and how
//	0 unlocked   Lock: swap to 1
//	1 locked     Unlock: store 0, then wake one
type mutex struct{ state atomic.Uint32 }

const (
	unlocked = iota
	locked
)

func (m *mutex) Lock() {
	for m.state.Swap(locked) != unlocked { // acquire
		park.Wait(&m.state, locked) // unless it has been unlocked meanwhile
	}
}

func (m *mutex) Unlock() {
	m.state.Store(unlocked) // release
	park.Wake(&m.state)
}

func run(out io.Writer) error {
	if err := timing.Mutex(out, func() sync.Locker { return new(mutex) }); err != nil {
		return err
	}
	const times = 10_000
	word := new(atomic.Uint32)
	start := time.Now()
	for range times {
		park.Wake(word)
	}
	fmt.Fprintf(out, "a wake without a sleeper: %.1f ns by package park", float64(time.Since(start))/times)
	start = time.Now()
	for range times {
		switch err := futex.Wake(word, futex.Private); {
		case errors.Is(err, errors.ErrUnsupported):
			fmt.Fprintln(out)
			return nil // the kernel of this system has no such call
		case err != nil:
			return err
		}
	}
	fmt.Fprintf(out, ", %.1f ns by the kernel (%s)\n", float64(time.Since(start))/times, futex.Backend())
	return nil
}
