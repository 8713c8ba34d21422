// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"runtime"
	"sync"
	"testing"

	"github.com/osync-go/osync/examples/internal/programtest"
)

func Test(t *testing.T) { programtest.Run(t, run) }

// TestUpgrade drops the last Arc while others upgrade their Weaks: they get the value, or nothing.
func TestUpgrade(t *testing.T) {
	const rounds, goroutines = 500, 4
	slab := NewSlab[int](2)
	for i := range rounds {
		a := slab.NewArc(i + 1)
		var wg sync.WaitGroup
		for range goroutines {
			w := a.Downgrade()
			wg.Go(func() {
				defer w.Drop()
				for {
					b, ok := w.Upgrade()
					if !ok {
						return
					}
					if got := *b.Value(); got != i+1 {
						t.Errorf("an Arc of %d, want %d", got, i+1)
					}
					b.Drop()
					runtime.Gosched() // the last Drop is to come some time
				}
			})
		}
		a.Drop()
		wg.Wait()
		if n := len(slab.free); n != 2 {
			t.Fatalf("%d of 2 slots are free after round %d", n, i)
		}
	}
}

// TestUnique changes the value by whoever is its only owner, while Weaks come and go: two at a time
// would be a data race, and lose changes.
func TestUnique(t *testing.T) {
	const goroutines, tries = 4, 2000
	slab := NewSlab[int](1)
	a := slab.NewArc(0)
	turns := make(chan *Arc[int], 1)
	turns <- a
	changes, wg := 0, sync.WaitGroup{}
	for range goroutines {
		wg.Go(func() {
			for range tries {
				mine := <-turns
				if v, ok := mine.Unique(); ok {
					*v++
					changes++
				}
				other := mine.Clone()
				turns <- other
				mine.Downgrade().Drop()
				mine.Drop()
			}
		})
	}
	wg.Wait()
	last := <-turns
	if got := *last.Value(); got != changes {
		t.Errorf("the value is %d after %d changes", got, changes)
	}
	if _, ok := last.Unique(); !ok {
		t.Error("the only Arc is not unique")
	}
}
