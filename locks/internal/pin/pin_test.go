// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pin

import (
	"runtime"
	"sync"
	"testing"

	"github.com/osync-go/osync/internal/goid"
)

func TestPin(t *testing.T) {
	if Here() || Current() != nil || Count() != 0 {
		t.Fatalf("pinned at the start: here %v, %d in all", Here(), Count())
	}
	const n = 100 // more than there are shards
	var added, removed sync.WaitGroup
	added.Add(n)
	removed.Add(n)
	release := make(chan struct{})
	for i := range n {
		go func() {
			defer removed.Done()
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			if Here() {
				t.Error("pinned before Add")
			}
			Add(i)
			added.Done()
			<-release
			if !Here() || Current() != i {
				t.Error("not pinned after Add, or with the value of another goroutine")
			}
			Remove()
			if Here() || Current() != nil {
				t.Error("Remove does not take Add back")
			}
		}()
	}
	added.Wait()
	if Count() != n {
		t.Errorf("Count() = %d, want %d", Count(), n)
	}
	if Here() {
		t.Error("a goroutine is taken for another")
	}
	close(release)
	removed.Wait()
	if Count() != 0 {
		t.Errorf("Count() = %d at the end", Count())
	}
}

// TestPinnedEnds lets goroutines end while they are pinned. The runtime gives their records to
// other goroutines. These are not pinned; when they call Add, they replace the entry that was left behind.
func TestPinnedEnds(t *testing.T) {
	left := map[uintptr]bool{} // records with an entry of a goroutine that has ended
	const rounds = 500
	again := 0
	for range rounds {
		type answer struct {
			record         uintptr
			before, pinned bool
		}
		answers := make(chan answer)
		go func() {
			record, _ := goid.Self()
			before := Here() || Current() != nil
			Add(record)
			answers <- answer{record, before, Current() == record}
		}()
		a := <-answers
		if a.before || !a.pinned {
			t.Fatalf("pinned before Add: %v, and after it: %v", a.before, a.pinned)
		}
		if left[a.record] {
			again++
		}
		left[a.record] = true
		if Count() != len(left) {
			t.Fatalf("%d entries for %d records", Count(), len(left))
		}
	}
	if again == 0 {
		t.Errorf("the runtime has used no record twice in %d rounds: the test shows nothing", rounds)
	}
	for i := range pinned {
		pinned[i].Store(nil)
	}
	all.count.Store(0)
}

func BenchmarkHere(b *testing.B) {
	b.Run("pinned=none", func(b *testing.B) {
		for b.Loop() {
			Here()
		}
	})
	b.Run("pinned=other", func(b *testing.B) {
		stop, ready := make(chan struct{}), make(chan struct{})
		go func() {
			Add(1)
			defer Remove()
			close(ready)
			<-stop
		}()
		<-ready
		for b.Loop() {
			Here()
		}
		close(stop)
	})
}
