// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command keygen shows a race for the first value: several make one, and all must use the same.
//
// It is lazy with a value that differs each time, a random key. Watch for the two lines: with
// Load and Store the loser writes over the key that others have begun to use. With
// CompareAndSwap the first one stays, and the losers throw theirs away and take that. If
// making the value is slow or has effects, let one make it and the others wait: sync.Once.
package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks"
)

const (
	about = "Shows a race for the first value, and that all use the winner's."
	users = 4
	races = 500
)

func main() { program.Main(about, run) }

// store keeps the last key that was made. It is wrong.
func store(key *atomic.Uint64) uint64 {
	if k := key.Load(); k != 0 {
		return k
	}
	k := newKey()
	key.Store(k)
	return k
}

// swap keeps the first key that was made.
func swap(key *atomic.Uint64) uint64 {
	if k := key.Load(); k != 0 {
		return k
	}
	k := newKey()
	if !key.CompareAndSwap(0, k) {
		return key.Load() // another goroutine was first, and the key never changes again
	}
	return k
}

func run(out io.Writer) error {
	for _, c := range []struct {
		name  string
		get   func(*atomic.Uint64) uint64
		right bool
	}{{"Load and Store", store, false}, {"CompareAndSwap", swap, true}} {
		differ := 0
		for range races {
			if !agree(c.get) {
				differ++
			}
		}
		fmt.Fprintf(out, "%-15s %d users each, in %d of %d races their keys differ\n", c.name, users, differ, races)
		if c.right && differ > 0 {
			return fmt.Errorf("%s: the keys differ in %d of %d races", c.name, differ, races)
		}
	}
	return nil
}

// agree reports whether all users of a new key got the same.
func agree(get func(*atomic.Uint64) uint64) bool {
	var key atomic.Uint64 // 0: not yet made
	var got [users]uint64
	start := locks.NewBarrier(users)
	var wg sync.WaitGroup
	for i := range users {
		wg.Go(func() {
			start.Wait()
			got[i] = get(&key)
		})
	}
	wg.Wait()
	for _, k := range got {
		if k != got[0] || k != key.Load() {
			return false
		}
	}
	return true
}

// newKey makes a key, which is not 0. Others run meanwhile, as if it took longer.
func newKey() uint64 {
	runtime.Gosched()
	return rand.Uint64() | 1
}
