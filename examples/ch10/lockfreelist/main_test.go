// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/examples/internal/programtest"
)

func Test(t *testing.T) { programtest.Run(t, run) }

func TestModel(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	var l List
	model := map[int]bool{}
	for i := range 10_000 {
		k := r.IntN(20) - 10
		var got, want bool
		switch r.IntN(3) {
		case 0:
			got, want = l.Insert(k), !model[k]
			model[k] = true
		case 1:
			got, want = l.Remove(k), model[k]
			delete(model, k)
		default:
			got, want = l.Contains(k), model[k]
		}
		if got != want {
			t.Fatalf("step %d with key %d: %t, want %t (seed %d)", i, k, got, want, seed)
		}
	}
}

// TestNeighbors removes and inserts next to each other, where a lock-free list goes wrong first:
// keys that one goroutine alone touches must be as it left them.
func TestNeighbors(t *testing.T) {
	const goroutines, rounds = 4, 3000
	var (
		l      List
		failed atomic.Int32
		wg     sync.WaitGroup
	)
	for k := range goroutines {
		wg.Go(func() {
			for range rounds {
				if !l.Insert(k) || !l.Contains(k) || !l.Remove(k) || l.Contains(k) {
					failed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if n := failed.Load(); n != 0 {
		t.Errorf("%d rounds found a key of their own changed by others", n)
	}
	if p := l.head.link.Load(); p.next != nil {
		t.Errorf("key %d is left", p.next.key)
	}
}
