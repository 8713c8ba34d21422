// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command scope shows threads that are over before the function that started them goes on, so
// that they can use its variables.
//
// Rust needs a scope to prove that borrowed variables outlive the threads. In Go a captured
// variable lives as long as anyone can reach it, so a scope is about another thing: after it
// no thread touches the variable any more, and no error or panic was lost. A sync.WaitGroup gives the
// first of these, thread.Scope all three. Watch for how the failures of two threads arrive
// together, and how a panic goes on in the caller when the other threads have ended.
package main

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks/thread"
)

const about = "Shows threads that end before the function that started them goes on."

func main() { program.Main(about, run) }

var errOdd, errNegative = errors.New("odd"), errors.New("negative")

func run(out io.Writer) error {
	numbers := []int{1, 2, -3}

	var count, total int // each is one worker's, and no goroutine locks anything
	var wg sync.WaitGroup
	wg.Go(func() { count = len(numbers) }) // both read numbers, which no goroutine writes
	wg.Go(func() {
		for _, n := range numbers {
			total += n
		}
	})
	wg.Wait()
	numbers = append(numbers, 4) // ours alone again
	fmt.Fprintf(out, "a WaitGroup: %d numbers, total %d, now %v\n", count, total, numbers)
	if count != 3 || total != 0 {
		return fmt.Errorf("the workers found %d numbers, total %d, want 3 and 0", count, total)
	}

	err := thread.Scope(func(g *thread.Group) error {
		for _, n := range numbers {
			g.Spawn(func() error { return check(n) })
		}
		return nil
	})
	fmt.Fprintf(out, "thread.Scope: %q\n", err)
	if !errors.Is(err, errOdd) || !errors.Is(err, errNegative) {
		return fmt.Errorf("the scope returned %v, want the errors of all threads", err)
	}

	ended := false // written by one thread, read after the scope
	value := caught(func() {
		err = thread.Scope(func(g *thread.Group) error {
			g.Spawn(func() error { panic("no good") })
			g.Spawn(func() error { ended = true; return nil })
			return nil
		})
	})
	panicked, ok := value.(*thread.PanicError)
	if !ok || !ended {
		return fmt.Errorf("the scope panicked with %v, the other thread had ended: %v; want a PanicError after its end", value, ended)
	}
	fmt.Fprintf(out, "thread.Scope: a thread's panic %q goes on in the caller\n", panicked.Value)
	return nil
}

func check(n int) error {
	switch {
	case n < 0:
		return fmt.Errorf("%d is %w", n, errNegative)
	case n%2 != 0:
		return fmt.Errorf("%d is %w", n, errOdd)
	}
	return nil
}

// caught returns what f panics with.
func caught(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}
