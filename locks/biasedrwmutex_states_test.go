// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"math"
	"runtime"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/procs"
)

func TestTooManyReadersBiased(t *testing.T) {
	const text = "locks: too many readers of BiasedRWMutex"
	t.Cleanup(NeverInhibit())
	var rw BiasedRWMutex
	rw.RUnlock(rw.RLock()) // now there are slots
	var token ReadToken
	forms := map[string]func(){
		"RLock":        func() { token = rw.RLock() },
		"TryRLock":     func() { token, _ = rw.TryRLock() },
		"TryRLockFor":  func() { token, _ = rw.TryRLockFor(time.Second) },
		"RLockContext": func() { token, _ = rw.RLockContext(t.Context()) },
	}
	for name, form := range forms {
		for i := range rw.slots.Load().slots {
			rw.slots.Load().slots[i].readers.Store(biasTooMany - 2)
		}
		form() // the last one
		if !token.Biased() || token.slot.readers.Load() != biasTooMany-1 {
			t.Fatalf("%s has not entered a slot", name)
		}
		slot := token.slot
		for i := range rw.slots.Load().slots { // the goroutine's stack may move
			rw.slots.Load().slots[i].readers.Store(biasTooMany - 1)
		}
		wantLimit(t, name, text, func() uint64 { return uint64(slot.readers.Load()) }, form)
		if rw.TryLock() {
			t.Fatal("a writer is in beside readers")
		}
		rw.RUnlock(token)
	}

	for i := range rw.slots.Load().slots {
		rw.slots.Load().slots[i].readers.Store(0)
	}
	rw.bias.Store(nil)
	rw.inhibited.Store(math.MaxInt64) // into the lock inside
	rw.inner.state.Store(rwMaxReaders * rwReader)
	for name, form := range forms {
		wantLimit(t, name+", no slots", "locks: too many readers of RWMutex", rw.State, form)
	}
}

// TestReaderInASlotInPassing lets a writer wait for a reader that enters a slot, finds the writer, and takes its
// unit back.
func TestReaderInASlotInPassing(t *testing.T) {
	t.Cleanup(NeverInhibit())
	var rw BiasedRWMutex
	rw.RUnlock(rw.RLock()) // now there are slots
	token := rw.RLock()
	rw.RUnlock(token)
	n := token.slot.readers.Add(1) // the first half
	c := locktest.NewCrew(t, locktest.Goroutines)
	c.StartWaiting(&rw, rw.Lock)
	rw.refuse(token.slot, n)
	c.Join()
	rw.Unlock()
	c.Idle(&rw, 0)
}

// TestSlotsPerProcessor counts the slots that the first reader of a BiasedRWMutex makes.
func TestSlotsPerProcessor(t *testing.T) {
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for n := 1; n <= 40; n++ {
		runtime.GOMAXPROCS(n)
		if got := runtime.GOMAXPROCS(0); got != n {
			t.Skipf("GOMAXPROCS is always %d on %s", got, runtime.GOOS)
		}
		procs.Refresh()
		var rw BiasedRWMutex
		rw.RUnlock(rw.RLock())
		// Where GOMAXPROCS cannot be set it stays 1.
		if n := len(rw.slots.Load().slots) / procs.Count(); n < 4 || n > 7 {
			t.Errorf("%d slots for %d processors, want 4 to 7 for each", len(rw.slots.Load().slots), procs.Count())
		}
	}
}

// TestSlotsApart holds a BiasedRWMutex with many readers: about equally many are in each slot, and no two
// slots share a pair of cache lines.
func TestSlotsApart(t *testing.T) {
	if !allocs.Counted(t) {
		t.Skip("in this build readers find their slots by the heap and not by their stacks")
	}
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	runtime.GOMAXPROCS(2)
	procs.Refresh()
	const each = 32
	var rw BiasedRWMutex
	rw.RUnlock(rw.RLock())
	slots := rw.slots.Load().slots
	var inside, done sync.WaitGroup
	leave := make(chan struct{})
	for range each * len(slots) {
		inside.Add(1)
		done.Go(func() {
			token := rw.RLock()
			inside.Done()
			<-leave
			rw.RUnlock(token)
		})
	}
	inside.Wait()
	for i := range slots {
		if n := slots[i].readers.Load(); n < each/4 || n > each*4 {
			t.Errorf("%d readers are in slot %d, want about %d", n, i, each)
		}
		if i > 0 {
			if d := uintptr(unsafe.Pointer(&slots[i].readers)) - uintptr(unsafe.Pointer(&slots[i-1].readers)); d < 128 {
				t.Errorf("the counts of slots %d and %d are %d bytes apart, want 128", i-1, i, d)
			}
		}
	}
	close(leave)
	done.Wait()
	if rw.State() != 0 {
		t.Errorf("the words are %x at the end", rw.State())
	}
}

// TestHalfAnRUnlockTooManyInASlot stops an RUnlock without an RLock half way, as TestHalfAnRUnlockTooMany does.
func TestHalfAnRUnlockTooManyInASlot(t *testing.T) {
	t.Cleanup(NeverInhibit())
	var rw BiasedRWMutex
	token := rw.RLock()
	rw.RUnlock(token)
	token = rw.RLock()
	rw.RUnlock(token)
	token.slot.readers.Store(1<<32 - 2)
	if rw.enterSlot(token.slot) != nil || token.slot.readers.Load() != 1<<32-2 {
		t.Error("a reader is in a slot whose count is negative")
	}
	token.slot.readers.Store(0)
	n := token.slot.readers.Add(^uint32(0))
	c := locktest.NewCrew(t, locktest.Goroutines)
	c.StartWaiting(&rw, rw.Lock)
	locktest.Panics(t, "RUnlock", nil, func() { rw.leaveSlow(token.slot, n) })
	c.Join()
	rw.Unlock()
	c.Idle(&rw, 0)
}
