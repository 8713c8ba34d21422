// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command mutex shows a value that ten goroutines change one at a time, and what becomes of
// the lock when one of them panics.
//
// Watch for the last lines. Rust poisons a mutex whose holder panicked. Go's is either locked
// forever, if the Unlock was forgotten on that way out, or unlocked by defer, with the value as
// far as the holder had got. So put the value right before anything can panic, or check it.
package main

import (
	"fmt"
	"io"
	"sync"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks/guard"
)

const about = "Shows a mutex, its value, and a panic while it is held."

func main() { program.Main(about, run) }

// An account keeps its money in two pots. Whoever holds mu sees 100 in all.
type account struct {
	mu     sync.Mutex
	pots   [2]int // guarded by mu
	denied int    // guarded by mu
}

func (a *account) move(from, to, amount int) {
	a.mu.Lock()
	defer a.mu.Unlock() // on every way out, a panic's too
	if a.pots[from] < amount {
		a.denied++
		return
	}
	a.pots[from] -= amount
	if to >= len(a.pots) {
		panic(fmt.Sprintf("no pot %d", to)) // too late: the money is out already
	}
	a.pots[to] += amount
}

func (a *account) total() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.pots[0] + a.pots[1]
}

func run(out io.Writer) error {
	a := &account{pots: [2]int{100, 0}}
	var n guard.Mutex[int] // the lock and the value as one thing
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			for range 100 {
				a.move(i%2, 1-i%2, 1)
				n.With(func(n *int) { *n++ })
			}
		})
	}
	wg.Wait()
	moves := 0
	n.With(func(n *int) { moves = *n })
	fmt.Fprintf(out, "%d moves, %d of them denied: %d in all\n", moves, a.denied, a.total())
	if moves != 1000 || a.total() != 100 {
		return fmt.Errorf("%d moves left %d, want 1000 and 100", moves, a.total())
	}

	from := 0
	if a.pots[1] > a.pots[0] {
		from = 1
	}
	value := caught(func() { a.move(from, 2, 7) })
	free := a.mu.TryLock() // no poison: whoever comes next gets the lock
	if !free {
		return fmt.Errorf("after the panic %q the lock is held", value)
	}
	a.mu.Unlock()
	fmt.Fprintf(out, "after the panic %q the lock is free, and the account has %d\n", value, a.total())
	if a.total() != 93 {
		return fmt.Errorf("after the panic the account has %d, want 93", a.total())
	}
	return nil
}

// caught returns what f panics with.
func caught(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}
