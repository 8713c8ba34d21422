// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command spin3 shows a lock that holds what it guards: the value can be reached only inside
// With, so no one can forget to lock, and no one can forget to unlock.
//
// Rust has a guard for this, a value whose end unlocks. A Go value has no end that code could
// hook into, but a function call has: With locks, calls, and unlocks by defer, also if
// the function panics. Watch for that. What Go cannot check is that the function does not
// keep the pointer. guard.Mutex is this form over a lock that sleeps.
package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/internal/spin"
)

const about = "Shows a spin lock with its value inside: With locks, calls, and unlocks."

func main() { program.Main(about, run) }

// A Guarded is a value inside a spin lock. The zero value guards the zero value of T.
type Guarded[T any] struct {
	locked atomic.Bool
	value  T // New: no way to it but With
}

// With calls f with the value, and no other goroutine has it meanwhile. f must not keep the pointer.
func (g *Guarded[T]) With(f func(*T)) { // New: takes the place of Lock and Unlock
	for g.locked.Swap(true) { // acquire
		for g.locked.Load() {
			spin.Pause(1)
		}
	}
	defer g.locked.Store(false) // release, also if f panics
	f(&g.value)
}

func run(out io.Writer) error {
	var (
		list Guarded[[]int]
		wg   sync.WaitGroup
	)
	wg.Go(func() { list.With(func(s *[]int) { *s = append(*s, 1) }) })
	wg.Go(func() { list.With(func(s *[]int) { *s = append(*s, 2); *s = append(*s, 2) }) })
	wg.Wait()

	panicked := panics(func() { list.With(func(*[]int) { panic("in the critical section") }) })

	var got []int
	list.With(func(s *[]int) { got = slices.Clone(*s) }) // a clone: the slice itself stays inside
	fmt.Fprintf(out, "one goroutine has added 1, the other 2 and 2: %v\n", got)
	fmt.Fprintf(out, "a third has panicked inside (%t), and the lock is free again\n", panicked)

	if !slices.Equal(got, []int{1, 2, 2}) && !slices.Equal(got, []int{2, 2, 1}) {
		return fmt.Errorf("the list is %v: somebody came between the two additions", got)
	}
	if !panicked {
		return errors.New("With has swallowed a panic")
	}
	return nil
}

// panics calls f and reports whether it panicked.
func panics(f func()) (yes bool) {
	defer func() { yes = recover() != nil }()
	f()
	return false
}
