// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command interior shows what Go has in the place of Rust's types with interior mutability.
//
// In Rust a shared reference does not let one write, and Cell, RefCell, Mutex and the atomics
// are the ways around that. In Go every pointer lets one write, so the same types are not
// permissions but promises: how a value is changed, and by whom at the same time. Watch for the
// two things that the compiler lets pass: two pointers to one variable, and a method on a copy.
package main

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks/guard"
)

const (
	about  = "Shows what Go has in the place of Rust's interior mutability."
	rounds = 1000
)

func main() { program.Main(about, run) }

// grow adds *b to *a and says whether that changed *b. Rust's compiler could leave the
// comparison out; Go's must not, since a and b may be one variable.
func grow(a, b *int) (changed bool) {
	before := *b
	*a += *b
	return *b != before
}

type tally struct{ n int }

// next changes its own copy of the tally, and count the tally.
func (t tally) next() int { t.n++; return t.n }
func (t *tally) count()   { t.n++ }

func run(out io.Writer) error {
	x, y := 1, 1
	apart, same := grow(&x, &y), grow(&x, &x)
	fmt.Fprintf(out, "a plain variable  two pointers to one are allowed: changed %v, to one %v\n", apart, same)
	if apart || !same {
		return fmt.Errorf("grow found a change of %v and %v, want false and true", apart, same)
	}

	var t tally
	t.count()
	next := t.next()
	fmt.Fprintf(out, "a value receiver  changes a copy: that has %d, the tally is still %d\n", next, t.n)
	if next != 2 || t.n != 1 {
		return fmt.Errorf("the copy has %d and the tally %d, want 2 and 1", next, t.n)
	}

	// Between goroutines. All four are shared by mere pointers; what differs is who may come
	// between the reading and the writing.
	var word atomic.Int64                             // as Cell: get and set, and steps that no goroutine can split
	var m sync.Mutex                                  // as Mutex, but the data stands beside it
	var beside int64                                  // guarded by m: a promise, kept by hand
	var inside guard.Mutex[int64]                     // as Mutex: no way to the data but through the lock
	owner, last := make(chan int64), make(chan int64) // no sharing: one goroutine owns the count
	go func() { last <- owned(owner) }()              // and others send it what to add
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range rounds {
				word.Add(1)
				m.Lock()
				beside++
				m.Unlock()
				inside.With(func(n *int64) { *n++ })
				owner <- 1
			}
		})
	}
	wg.Wait()
	close(owner)

	counts := map[string]int64{"atomic.Int64": word.Load(), "sync.Mutex": beside, "a channel": <-last}
	inside.With(func(n *int64) { counts["guard.Mutex"] = *n })
	for _, name := range []string{"atomic.Int64", "sync.Mutex", "guard.Mutex", "a channel"} {
		fmt.Fprintf(out, "%-17s two goroutines counted %d of %d\n", name, counts[name], 2*rounds)
		if counts[name] != 2*rounds {
			return fmt.Errorf("%s lost counts: %d of %d", name, counts[name], 2*rounds)
		}
	}
	return nil
}

// owned adds up what comes from the channel.
func owned(in <-chan int64) (sum int64) {
	for n := range in {
		sum += n
	}
	return sum
}
