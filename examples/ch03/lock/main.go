// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command lock shows that an atomic flag is enough to guard a plain value.
//
// The goroutine that swaps the flag from false to true holds the value until it stores false. That store is the
// release, the next successful swap the acquire: so each holder sees what all holders before it
// wrote. Watch for the text, which is no atomic: no letter is lost. The waiters spin
// without a pause; chapter 4 improves that, and chapter 9 makes them sleep.
package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
)

const (
	about   = "Shows that an atomic flag is enough to guard a plain value."
	workers = 4
	each    = 500
)

func main() { program.Main(about, run) }

var (
	locked atomic.Bool
	text   strings.Builder // guarded by locked
	turns  atomic.Int64    // made in vain
)

// tryAdd appends the letter if no other goroutine is at it.
func tryAdd(letter byte) bool {
	if !locked.CompareAndSwap(false, true) { // acquire
		return false
	}
	text.WriteByte(letter)
	if text.Len()%100 == 0 {
		runtime.Gosched() // an invitation to come in
	}
	locked.Store(false) // release
	return true
}

func run(out io.Writer) error {
	text.Reset()
	turns.Store(0)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for range each {
				for !tryAdd('a' + byte(w)) {
					turns.Add(1)
					runtime.Gosched()
				}
			}
		})
	}
	wg.Wait()
	fmt.Fprintf(out, "%d letters by %d goroutines, %d turns in vain\n", text.Len(), workers, turns.Load())
	for w := range workers {
		letter := string(rune('a' + w))
		if n := strings.Count(text.String(), letter); n != each {
			return fmt.Errorf("%d letters %s in the text, want %d", n, letter, each)
		}
	}
	return nil
}
