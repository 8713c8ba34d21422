// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command fetch shows the operations that change a word and return it, in one step.
//
// Watch for what is returned: in Go Add returns the new value, while And, Or and Swap return
// the old one. Rust's fetch_add and the others, C's as well, all return the old one. And watch
// for the overflow: atomics wrap around, in silence.
package main

import (
	"fmt"
	"io"
	"math"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = "Shows the operations that change a word and return it, in one step."

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	var word atomic.Uint32
	steps := []struct {
		name           string
		do             func() uint32
		start          uint32
		returns, after uint32
	}{
		{"Add(5)", func() uint32 { return word.Add(5) }, 10, 15, 15},
		{"Add(5) - 5", func() uint32 { return word.Add(5) - 5 }, 10, 10, 15}, // fetch_add
		{"Add(^uint32(2))", func() uint32 { return word.Add(^uint32(2)) }, 10, 7, 7},
		{"Add(1)", func() uint32 { return word.Add(1) }, math.MaxUint32, 0, 0},
		{"And(0b0110)", func() uint32 { return word.And(0b0110) }, 0b1100, 0b1100, 0b0100},
		{"Or(0b0110)", func() uint32 { return word.Or(0b0110) }, 0b1100, 0b1100, 0b1110},
		{"Swap(7)", func() uint32 { return word.Swap(7) }, 10, 10, 7},
		{"fetchMax(7)", func() uint32 { return fetchMax(&word, 7) }, 10, 10, 10},
		{"fetchMax(70)", func() uint32 { return fetchMax(&word, 70) }, 10, 10, 70},
	}
	fmt.Fprintf(out, "%10s  %-15s  %10s  %10s\n", "word", "operation", "returns", "word after")
	for _, s := range steps {
		word.Store(s.start)
		returns := s.do()
		fmt.Fprintf(out, "%10d  %-15s  %10d  %10d\n", s.start, s.name, returns, word.Load())
		if returns != s.returns || word.Load() != s.after {
			return fmt.Errorf("%s of %d returned %d and left %d, want %d and %d",
				s.name, s.start, returns, word.Load(), s.returns, s.after)
		}
	}
	return nil
}

// fetchMax sets the word to v if that is more, and returns what it was. Go has no such
// operation, and any can be made of CompareAndSwap: see casloop.
func fetchMax(word *atomic.Uint32, v uint32) uint32 {
	for {
		old := word.Load()
		if old >= v || word.CompareAndSwap(old, v) {
			return old
		}
	}
}
