// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command arc1 shows shared ownership by counting: each owner has a handle of its own, and the
// one that drops the last handle releases what they share, then and there.
//
// Go's collector frees memory without it. It does not close files soon enough for a reader that
// waits for the end. Here four goroutines own the end of a pipe that writes. Watch for the
// reader: it meets the end of the pipe when the last of them has dropped it, whoever
// that is, and no collection is needed.
package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = "Shows reference counting: the last handle that is dropped releases the value."

func main() { program.Main(about, run) }

// noCopy lets go vet report copies of a handle. In Rust an Arc is moved, not copied.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// An Arc is one owner's handle of a shared value. Handles may be used at the same time, but
// each by one goroutine. None must be used after its Drop.
type Arc[T any] struct {
	_ noCopy
	b *block[T] // nil after Drop
}

type block[T any] struct {
	owners  atomic.Int64 // how many handles there are
	value   T
	release func(T)
}

// NewArc returns the first handle of v. The last Drop calls release.
func NewArc[T any](v T, release func(T)) *Arc[T] {
	a := &Arc[T]{b: &block[T]{value: v, release: release}}
	a.b.owners.Store(1)
	return a
}

// Value returns the shared value.
func (a *Arc[T]) Value() T { return a.b.value }

// Clone returns one more handle. As the caller has one, the count cannot be 0 meanwhile.
func (a *Arc[T]) Clone() *Arc[T] {
	a.b.owners.Add(1) // relaxed would do
	return &Arc[T]{b: a.b}
}

// Drop gives the handle up. It panics if it was dropped before.
func (a *Arc[T]) Drop() {
	b := a.b
	if b == nil {
		panic("arc1: drop of a dropped Arc")
	}
	a.b = nil
	if b.owners.Add(-1) == 0 { // release for those before, acquire for the last
		b.release(b.value)
	}
}

func run(out io.Writer) error {
	const owners = 4
	r, w, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("pipe: %w", err)
	}
	defer r.Close()
	var releases atomic.Int32
	first := NewArc(w, func(w *os.File) { releases.Add(1); w.Close() })
	var wg sync.WaitGroup
	for i := range owners {
		a := first.Clone()
		wg.Go(func() {
			defer a.Drop()
			fmt.Fprintf(a.Value(), "line of owner %d\n", i)
		})
	}
	first.Drop()
	text, err := io.ReadAll(r) // until the end of the pipe
	wg.Wait()
	if err != nil {
		return fmt.Errorf("read the pipe: %w", err)
	}
	fmt.Fprint(out, string(text))
	fmt.Fprintf(out, "end of the pipe: %d owners have dropped it, and it was closed %d time\n", owners+1, releases.Load())
	if n := strings.Count(string(text), "\n"); n != owners || releases.Load() != 1 {
		return fmt.Errorf("%d lines of %d owners, closed %d times", n, owners, releases.Load())
	}
	return nil
}
