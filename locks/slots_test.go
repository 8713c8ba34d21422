// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"runtime"
	"sync"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/procs"
)

// TestSlotsPerProcessor looks how many slots the first reader of a BiasedRWMutex makes.
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
		if n := len(rw.slots.slots) / procs.Count(); n < 4 || n > 7 {
			t.Errorf("%d slots for %d processors, want 4 to 7 for each", len(rw.slots.slots), procs.Count())
		}
	}
}

// TestSlotsApart lets readers stay in a BiasedRWMutex, and looks where they are: about equally many
// in each slot, and no two slots on one pair of cache lines.
func TestSlotsApart(t *testing.T) {
	if !allocs.Counted(t) {
		t.Skip("readers are told apart by their stacks, and in this build by the heap")
	}
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	runtime.GOMAXPROCS(2)
	procs.Refresh()
	const each = 32
	var rw BiasedRWMutex
	rw.RUnlock(rw.RLock())
	slots := rw.slots.slots
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
