// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/examples/internal/programtest"
)

func Test(t *testing.T) { programtest.Run(t, run) }

func TestLastDropReleases(t *testing.T) {
	const goroutines, clones = 8, 1000
	type value struct{ written [goroutines]int }
	var releases atomic.Int32
	sum := 0
	first := NewArc(new(value), func(v *value) {
		releases.Add(1)
		for _, n := range v.written { // the last Drop comes after all writes: no race
			sum += n
		}
	})
	var wg sync.WaitGroup
	for i := range goroutines {
		mine := first.Clone()
		wg.Go(func() {
			for range clones {
				c := mine.Clone()
				c.Value().written[i]++
				c.Drop()
			}
			mine.Drop()
		})
	}
	first.Drop()
	wg.Wait()
	if n := releases.Load(); n != 1 {
		t.Errorf("released %d times, want 1", n)
	}
	if want := goroutines * clones; sum != want {
		t.Errorf("the release saw %d writes, want %d", sum, want)
	}
}

func TestDropTwice(t *testing.T) {
	a := NewArc(0, func(int) {})
	a.Drop()
	defer func() {
		if recover() == nil {
			t.Error("the second Drop did not panic")
		}
	}()
	a.Drop()
}
