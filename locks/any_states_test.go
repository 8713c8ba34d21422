// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/park"
)

// TestWaitAnyLost takes the only waiter of a source, which has lost to an Event, and is not awake yet, for one to be
// served. The source is then as if no goroutine had waited.
func TestWaitAnyLost(t *testing.T) {
	var a AutoEvent
	var m Mutex
	var fair FairMutex
	var wg WaitGroup
	l, s := NewLatch(1), NewSemaphore(2)
	m.Lock()
	fair.Lock()
	wg.Add(1)
	s.TryAcquire(2)
	for _, test := range []struct {
		name  string
		of    Waitable
		serve func()
		state func() uint64
		want  uint64
	}{
		{"AutoEvent", &a, a.Set, a.State, eventSet},
		{"Mutex", &m, m.Unlock, m.State, 0},
		{"FairMutex", &fair, fair.Unlock, fair.State, 0},
		{"WaitGroup", &wg, wg.Done, wg.State, 0},
		{"Latch", l, func() { l.Arrive(1) }, l.State, 0},
		{"Semaphore", s.Acquiring(2), func() { s.Release(2) }, s.State, 2},
	} {
		var e Event
		got := make(chan int)
		go func() { i, _ := WaitAny(park.Limit{}, &e, test.of); got <- i }()
		locktest.Eventually(t, "it waits", func() bool { return queued(test.of.anyCase().Addr) == 1 })
		var w *park.Waiter
		park.WithQueue(&e.state, func(q park.Queue) {
			w = q.Pop()
			e.state.Store(eventSet)
		})
		test.serve()
		if word := test.state(); word != test.want {
			t.Errorf("%s: the word is %#x, want %#x", test.name, word, test.want)
		}
		w.Wake(tokenGranted)
		if i := <-got; i != 0 {
			t.Errorf("%s: WaitAny = %d", test.name, i)
		}
		if word := test.state(); word != test.want {
			t.Errorf("%s: the word is %#x in the end, want %#x", test.name, word, test.want)
		}
	}

	// A Bump of a FairMutex finds no waiter to let in.
	var e Event
	fair.Lock()
	got := make(chan int)
	go func() { i, _ := WaitAny(park.Limit{}, &e, &fair); got <- i }()
	locktest.Eventually(t, "it waits", func() bool { return fair.Waiting() == 1 })
	var w *park.Waiter
	park.WithQueue(&e.state, func(q park.Queue) {
		w = q.Pop()
		e.state.Store(eventSet)
	})
	if fair.Bump() || fair.HasWaiters() {
		t.Error("Bump has let somebody in that has got something else")
	}
	w.Wake(tokenGranted)
	<-got
	fair.Unlock()
}
