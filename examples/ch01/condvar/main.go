// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command condvar shows how goroutines wait for something to become true of a guarded value.
//
// A condition variable joins two steps: it unlocks and falls asleep so that no signal comes
// between. It says nothing of the condition, so the waiter looks again after each wake, in a
// loop. Watch for the number of wakes: most items are taken by a consumer that was awake
// anyway. The last part has the condition itself as
// the thing to wait for: guard.Mutex has no signal to forget.
package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/guard"
)

const (
	about     = "Shows how goroutines wait for something to become true of a guarded value."
	consumers = 3
	items     = 3000
)

func main() { program.Main(about, run) }

// A queue hands integers from producers to consumers.
type queue struct {
	mu     sync.Mutex
	filled *sync.Cond // items is not empty, or closed is set
	items  []int      // guarded by mu, as are the others
	closed bool
	wakes  int
}

func newQueue() *queue {
	q := new(queue)
	q.filled = sync.NewCond(&q.mu)
	return q
}

func (q *queue) push(item int) {
	q.mu.Lock()
	q.items = append(q.items, item)
	q.mu.Unlock()
	q.filled.Signal() // one item is for one consumer
}

func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.filled.Broadcast() // the end is for all
}

// pop blocks until there is an item. ok is false after the last one.
func (q *queue) pop() (item int, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 && !q.closed { // a loop: another may have come first
		q.filled.Wait()
		q.wakes++
	}
	if len(q.items) == 0 {
		return 0, false
	}
	item, q.items = q.items[0], q.items[1:]
	return item, true
}

func run(out io.Writer) error {
	const want = items * (items - 1) / 2
	q := newQueue()
	sums := make([]int, consumers)
	var wg sync.WaitGroup
	for i := range consumers {
		wg.Go(func() {
			for item, ok := q.pop(); ok; item, ok = q.pop() {
				sums[i] += item
			}
		})
	}
	for i := range items {
		q.push(i)
		if i%10 == 0 {
			runtime.Gosched() // let the consumers catch up, and run dry
		}
	}
	q.close()
	wg.Wait()
	total := 0
	for _, s := range sums {
		total += s
	}
	fmt.Fprintf(out, "sync.Cond      %d items to %d consumers in %d wakes\n", items, consumers, q.wakes)
	if total != want {
		return fmt.Errorf("the items add up to %d, want %d", total, want)
	}

	var mu sync.Mutex
	c := locks.NewCond(&mu)
	mu.Lock()
	signalled := c.WaitFor(time.Millisecond) // no goroutine signals
	mu.Unlock()
	fmt.Fprintf(out, "locks.Cond     can give up: signalled %v\n", signalled)
	if signalled {
		return errors.New("a wait was signalled by nobody")
	}

	var stock guard.Mutex[[]int]
	got := 0
	wg.Go(func() {
		for range items {
			stock.When(func(s *[]int) bool { return len(*s) > 0 }, func(s *[]int) { got += (*s)[0]; *s = (*s)[1:] })
		}
	})
	for i := range items {
		stock.With(func(s *[]int) { *s = append(*s, i) })
	}
	wg.Wait()
	fmt.Fprintf(out, "guard.Mutex    %d items, and nothing to signal\n", items)
	if got != want {
		return fmt.Errorf("the items add up to %d, want %d", got, want)
	}
	return nil
}
