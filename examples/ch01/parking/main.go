// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command parking shows how a thread sleeps until another one wakes it, and how a goroutine
// does the same.
//
// A thread has one permit. Unpark gives it, Park takes it or waits for it: so an early Unpark
// is not lost, and two early ones count as one. A parked thread therefore checks its condition
// again after each Park, here the queue. Watch for the numbers of items and
// of parks: they differ, and every item arrives.
package main

import (
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks/guard"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
)

const (
	about = "Shows how a thread, or a goroutine, sleeps until another wakes it."
	items = 1000
)

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	thread.Pin()
	defer thread.Unpin()
	if t := thread.Current(); t == nil {
		fmt.Fprintln(out, "osync has no binding for this system: its threads cannot park")
	} else {
		if err := early(out, t); err != nil {
			return err
		}
		if err := consume(out); err != nil {
			return err
		}
	}
	return onWord(out)
}

// early gives the calling thread its permit before it parks.
func early(out io.Writer, t *thread.Thread) error {
	t.Unpark()
	t.Unpark()
	thread.Park() // returns at once
	again := thread.ParkFor(0)
	fmt.Fprintf(out, "two Unparks, then Park: went on at once; a second permit was there: %v\n", again)
	if again {
		return errors.New("two Unparks gave two permits")
	}
	return nil
}

// consume takes items from a queue and parks while it is empty.
func consume(out io.Writer) error {
	var queue guard.Mutex[[]int]
	var parks, sum int // the consumer's
	consumer := thread.Spawn(func() error {
		for got := 0; got < items; {
			var batch []int
			queue.With(func(q *[]int) { batch, *q = *q, nil })
			if len(batch) == 0 {
				parks++
				thread.Park()
			}
			for _, item := range batch {
				sum += item
				got++
			}
		}
		return nil
	})
	for i := range items {
		queue.With(func(q *[]int) { *q = append(*q, i) })
		consumer.Thread().Unpark()
	}
	if err := consumer.Join(); err != nil {
		return err
	}
	fmt.Fprintf(out, "a thread got %d items, and parked %d times\n", items, parks)
	if want := items * (items - 1) / 2; sum != want {
		return fmt.Errorf("the items add up to %d, want %d", sum, want)
	}
	return nil
}

// onWord waits as a goroutine. It has no name to be woken by, and waits for a word of memory:
// park.Wait compares it with what was seen and sleeps in one step, so that no wake is missed.
func onWord(out io.Writer) error {
	var made atomic.Uint32
	done := make(chan uint32)
	go func() {
		seen, waits := uint32(0), uint32(0)
		for seen < items {
			park.Wait(&made, seen)
			seen = made.Load()
			waits++
		}
		done <- waits
	}()
	for range items {
		made.Add(1)
		park.Wake(&made)
	}
	waits := <-done
	fmt.Fprintf(out, "a goroutine saw %d changes of a word in %d waits\n", made.Load(), waits)
	if waits > items {
		return fmt.Errorf("%d waits for %d changes", waits, items)
	}
	return nil
}
