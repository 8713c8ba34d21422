// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command clh shows the queue lock of Craig (Building FIFO and priority-queuing spin locks from
// atomic swap, 1993) and of Landin and Hagersten: a waiter looks at the node of the one before it,
// so the queue needs no links, and Unlock is a single store.
//
// Watch for the order, as in mcs. A goroutine leaves with the node of its predecessor, which no other
// waiter reads any more, and queues with that node the next time.
package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/internal/spin"
)

const about = "Shows the CLH queue lock: each waiter looks at the one before it, in order of arrival."

func main() { program.Main(about, run) }

// A Lock is a mutual exclusion lock, first come, first served.
type Lock struct{ tail atomic.Pointer[node] } // the last in the queue, or one that is done

type node struct {
	locked atomic.Bool  // its owner holds the lock, or waits for it
	_      [64 - 4]byte // a cache line of its own
}

// NewLock returns an unlocked lock: the last in the queue is done.
func NewLock() *Lock {
	l := new(Lock)
	l.tail.Store(new(node))
	return l
}

// A Waiter is one who uses the lock. It belongs to one goroutine.
type Waiter struct{ mine, before *node }

// NewWaiter returns a Waiter, for any lock.
func NewWaiter() *Waiter { return &Waiter{mine: new(node)} }

// Lock locks l.
func (l *Lock) Lock(w *Waiter) {
	w.mine.locked.Store(true)
	w.before = l.tail.Swap(w.mine)            // the line is formed here
	for i := 0; w.before.locked.Load(); i++ { // acquire
		pause(i)
	}
}

// Unlock unlocks l.
func (l *Lock) Unlock(w *Waiter) {
	w.mine.locked.Store(false) // release
	w.mine = w.before          // ours belongs to the one behind us now
}

// pause lets some time pass; from the hundredth time on, by letting others run.
func pause(i int) {
	if i < 100 {
		spin.Pause(1)
	} else {
		runtime.Gosched()
	}
}

func run(out io.Writer) error {
	const waiters, additions = 10, 2000
	var (
		l     = NewLock()
		first = NewWaiter()
		order []int // guarded by l
		sum   int   // guarded by l
		wg    sync.WaitGroup
	)
	l.Lock(first)
	for i := range waiters {
		w := NewWaiter()
		place := w.mine
		wg.Go(func() {
			l.Lock(w)
			order = append(order, i)
			l.Unlock(w)
		})
		for l.tail.Load() != place { // it is in line: the next one may come
			runtime.Gosched()
		}
	}
	l.Unlock(first)
	wg.Wait()
	fmt.Fprintf(out, "the waiters came in the order 0 to %d, and got the lock in the order %v\n", waiters-1, order)
	if !slices.IsSorted(order) || len(order) != waiters {
		return fmt.Errorf("served in the order %v", order)
	}

	for range 4 {
		wg.Go(func() {
			w := NewWaiter()
			for range additions {
				l.Lock(w)
				sum++
				l.Unlock(w)
			}
		})
	}
	wg.Wait()
	fmt.Fprintf(out, "4 goroutines made %d additions each: %d\n", additions, sum)
	if sum != 4*additions {
		return fmt.Errorf("counted %d, want %d: two were inside at once", sum, 4*additions)
	}
	return nil
}
