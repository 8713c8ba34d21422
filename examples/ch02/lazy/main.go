// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command lazy shows a value that is computed when it is needed first, and remembered in one
// atomic word.
//
// Watch for the number of computations. Goroutines that come at the same time all find the
// word empty, and all compute: that is a waste, and not an error, since all get the same
// value. If the value differs from time to time see keygen. If it costs much, let one compute
// and the others wait: sync.OnceValue.
package main

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks"
)

const (
	about = "Shows a value that is computed when it is needed first."
	users = 8
)

func main() { program.Main(about, run) }

// A primes remembers how many primes there are below 20000. The zero value is ready for use.
type primes struct {
	count    atomic.Int64 // 0: not yet computed, as the count is never 0
	computed atomic.Int64 // how often
}

func (p *primes) get() int64 {
	if n := p.count.Load(); n != 0 {
		return n
	}
	p.computed.Add(1)
	n := compute()
	p.count.Store(n) // perhaps over the same value
	return n
}

func run(out io.Writer) error {
	var p primes
	ask := func(name string, get func() int64, computed *atomic.Int64) error {
		start := locks.NewBarrier(users)
		var values [users]int64
		var wg sync.WaitGroup
		for i := range users {
			wg.Go(func() {
				start.Wait()
				values[i] = get()
			})
		}
		wg.Wait()
		for _, v := range values {
			if v != values[0] || v != 2262 {
				return fmt.Errorf("%s: the users got %v, want 2262", name, values)
			}
		}
		fmt.Fprintf(out, "%-15s %d users got %d, computed %d times\n", name, users, values[0], computed.Load())
		return nil
	}
	if err := ask("Load and Store", p.get, &p.computed); err != nil {
		return err
	}
	before := p.computed.Load()
	if p.get(); p.computed.Load() != before {
		return errors.New("the value was there, and was computed again")
	}

	var once atomic.Int64
	value := sync.OnceValue(func() int64 {
		once.Add(1)
		return compute()
	})
	if err := ask("sync.OnceValue", value, &once); err != nil {
		return err
	}
	if once.Load() != 1 {
		return fmt.Errorf("sync.OnceValue computed %d times", once.Load())
	}
	return nil
}

// compute counts the primes below 20000, by trial division.
func compute() (n int64) {
	for i := 2; i < 20000; i++ {
		prime := true
		for d := 2; d*d <= i && prime; d++ {
			prime = i%d != 0
		}
		if prime {
			n++
		}
	}
	return n
}
