// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// A Gate lets one in at a time.
type Gate struct{ closed atomic.Uint32 }

func (g *Gate) Enter() {
	for !g.closed.CompareAndSwap(0, 1) {
		park.Wait(&g.closed, 1)
	}
}

func (g *Gate) Leave() {
	g.closed.Store(0)
	park.Wake(&g.closed)
}

func Example() {
	var g Gate
	inside, most, done := 0, 0, make(chan struct{})
	for range 10 {
		go func() {
			g.Enter()
			inside++
			most = max(most, inside)
			inside--
			g.Leave()
			done <- struct{}{}
		}()
	}
	for range 10 {
		<-done
	}
	fmt.Println("inside at once:", most)
	// Output: inside at once: 1
}

func ExampleWaitFor() {
	var word atomic.Uint32
	fmt.Println("woken:", park.WaitFor(&word, 0, time.Millisecond))
	// Output: woken: false
}

// A lock author hands the lock over with the wake: nobody can take it in between.
func ExampleQueue() {
	const free, held = 0, 1
	var word atomic.Uint32
	word.Store(held)

	lock := func() {
		w := park.NewWaiter(park.Exclusion, park.Limit{})
		defer w.Free()
		q := park.LockQueue(&word)
		if word.CompareAndSwap(free, held) {
			q.Unlock()
			return
		}
		q.Push(w)
		q.Sleep(w, nil) // its wake says that the lock is ours
	}
	unlock := func() {
		q := park.LockQueue(&word)
		w := q.Pop()
		if w == nil {
			word.Store(free)
		}
		q.Unlock()
		if w != nil {
			w.Wake(0)
		}
	}

	done := make(chan struct{})
	go func() {
		lock()
		fmt.Println("got it")
		unlock()
		close(done)
	}()
	unlock()
	<-done
	// Output: got it
}
