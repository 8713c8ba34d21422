// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command mcs shows the queue lock of Mellor-Crummey and Scott (Algorithms for scalable
// synchronization on shared-memory multiprocessors, 1991): each waiter has a node of its own in
// a queue and spins on that alone. An Unlock writes to the next node, and disturbs no other waiter.
//
// Watch for the order: ten waiters line up, and get the lock in FIFO order. That
// is also the danger: if the next waiter is not running, all others wait for it. See ch04/preempted.
// spin.MCSLock is this lock without the argument.
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

const about = "Shows the MCS queue lock: each waiter looks at a word of its own, in order of arrival."

func main() { program.Main(about, run) }

// A Lock is a mutual exclusion lock, first come, first served. The zero value is unlocked.
type Lock struct{ tail atomic.Pointer[Node] } // the last in the queue; nil: unlocked

// A Node is a place in the queue. The first in the queue is the holder.
type Node struct {
	next   atomic.Pointer[Node] // who came after
	locked atomic.Bool          // wait
	_      [64 - 8 - 4]byte     // a cache line of its own
}

// Lock locks l. The node is in use until Unlock.
func (l *Lock) Lock(n *Node) {
	n.next.Store(nil)
	n.locked.Store(true)
	before := l.tail.Swap(n) // acquire, if no goroutine is before; the line is formed here
	if before == nil {
		return
	}
	before.next.Store(n)
	for i := 0; n.locked.Load(); i++ { // acquire
		pause(i)
	}
}

// Unlock unlocks l, or hands it to the next in line.
func (l *Lock) Unlock(n *Node) {
	if n.next.Load() == nil {
		if l.tail.CompareAndSwap(n, nil) { // release
			return
		}
		for i := 0; n.next.Load() == nil; i++ { // it is in line, and about to say so
			pause(i)
		}
	}
	n.next.Load().locked.Store(false) // release
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
		l     Lock
		first Node
		order []int // guarded by l
		sum   int   // guarded by l
		wg    sync.WaitGroup
	)
	l.Lock(&first)
	for i := range waiters {
		var n Node
		wg.Go(func() {
			l.Lock(&n)
			order = append(order, i)
			l.Unlock(&n)
		})
		for l.tail.Load() != &n { // it is in line: the next one may come
			runtime.Gosched()
		}
	}
	l.Unlock(&first)
	wg.Wait()
	fmt.Fprintf(out, "the waiters came in the order 0 to %d, and got the lock in the order %v\n", waiters-1, order)
	if !slices.IsSorted(order) || len(order) != waiters {
		return fmt.Errorf("served in the order %v", order)
	}

	for range 4 {
		wg.Go(func() {
			var n Node
			for range additions {
				l.Lock(&n)
				sum++
				l.Unlock(&n)
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
