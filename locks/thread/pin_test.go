// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"errors"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/internal/pin"
	"github.com/osync-go/osync/locks/thread"
)

func TestPinned(t *testing.T) {
	before := pin.Count()
	if thread.Pinned() {
		t.Fatal("an ordinary goroutine is said to be pinned")
	}
	thread.Pin()
	thread.Pin()
	thread.Unpin()
	if !thread.Pinned() {
		t.Error("not pinned after Pin, Pin, Unpin")
	}
	thread.Unpin()
	if thread.Pinned() {
		t.Error("pinned after as many calls of Unpin as of Pin")
	}
	var inside bool
	thread.Spawn(func() error { inside = thread.Pinned(); return nil }).Join()
	if !inside {
		t.Error("a spawned goroutine is not pinned")
	}
	if n := pin.Count(); n > before { // one of a dead goroutine may have gone
		t.Errorf("%d threads are pinned at the end, %d at the start", n, before)
	}
}

func TestUnpinPanics(t *testing.T) {
	locktest.Panics(t, "Unpin without Pin", "thread: Unpin by a goroutine that is not pinned", thread.Unpin)
}

// TestUnpinOfOthers calls Unpin where Spawn, an Executor or a Loop has pinned the goroutine: it panics, and the goroutine stays
// pinned.
func TestUnpinOfOthers(t *testing.T) {
	const want = "thread: Unpin without a Pin, in a function of Spawn, an Executor or a Loop"
	check := func() error {
		thread.Pin()
		thread.Unpin()
		locktest.Panics(t, "Unpin", want, thread.Unpin)
		if !thread.Pinned() {
			t.Error("not pinned afterwards")
		}
		return nil
	}
	e, err := thread.NewExecutor(thread.ExecutorOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(e.Do(check), e.Do(check), e.Close(), thread.Spawn(check).Join()); err != nil {
		t.Error(err)
	}
	// The owner of a Loop may have pinned itself before.
	err = thread.Spawn(func() error {
		thread.Pin()
		l := thread.NewLoop(nil)
		thread.Unpin()
		err := l.Do(check)
		return errors.Join(err, check(), l.Close(), check())
	}).Join()
	if err != nil {
		t.Error(err)
	}
}

// TestDeadThreadLeavesNothing lets goroutines end while they are pinned and have the permit, and their
// threads with them. The system and the runtime reuse what the dead ones had for new ones, but not the
// permit.
func TestDeadThreadLeavesNothing(t *testing.T) {
	for range 500 {
		type answer struct{ pinned, permit bool }
		answers := make(chan answer)
		go func() {
			var a answer
			a.pinned = thread.Pinned() || thread.Current() != nil
			thread.Pin()
			a.permit = thread.ParkFor(0)
			thread.Current().Unpark()
			answers <- a
		}()
		if a := <-answers; a.pinned || a.permit {
			t.Fatalf("a new goroutine is pinned: %v, and has the permit of a dead thread: %v", a.pinned, a.permit)
		}
	}
}
