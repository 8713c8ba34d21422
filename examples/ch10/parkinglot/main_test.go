// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/examples/internal/programtest"
)

func Test(t *testing.T) { programtest.Run(t, run) }

func TestParkInvalid(t *testing.T) {
	NewLot().Park(new(atomic.Uint32), func() bool { return false }) // must not sleep
}

// TestOrder wakes sleepers one by one: in the order of their coming, told whether more are left.
func TestOrder(t *testing.T) {
	const sleepers = 3
	var (
		l     = NewLot()
		word  atomic.Uint32
		woken = make(chan int)
		order []int
		mores []bool
		wg    sync.WaitGroup
	)
	asleep := func() int {
		b := &l.buckets[l.index(&word)]
		b.mu.Lock()
		defer b.mu.Unlock()
		return len(b.queues[&word])
	}
	for i := range sleepers {
		wg.Go(func() {
			l.Park(&word, func() bool { return true })
			woken <- i
		})
		for asleep() <= i {
			runtime.Gosched()
		}
	}
	for range sleepers {
		l.UnparkOne(&word, func(more bool) { mores = append(mores, more) })
		order = append(order, <-woken)
	}
	wg.Wait()
	l.UnparkOne(&word, func(more bool) { mores = append(mores, more) })
	if !slices.Equal(order, []int{0, 1, 2}) || !slices.Equal(mores, []bool{true, true, false, false}) {
		t.Errorf("woken in the order %v, more: %v", order, mores)
	}
}
