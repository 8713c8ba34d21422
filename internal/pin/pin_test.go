// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pin

import (
	"runtime"
	"sync"
	"testing"
)

func TestPin(t *testing.T) {
	if !Known() {
		t.Skipf("osync cannot tell threads apart on %s", runtime.GOOS)
	}
	if Here() || Count() != 0 {
		t.Fatalf("pinned at the start: here %v, %d in all", Here(), Count())
	}
	if Remove() {
		t.Error("Remove without Add succeeds")
	}
	const n = 100 // more than there are shards
	var added, removed sync.WaitGroup
	added.Add(n)
	removed.Add(n)
	release := make(chan struct{})
	for range n {
		go func() {
			defer removed.Done()
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			if Here() {
				t.Error("pinned before Add")
			}
			Add()
			added.Done()
			<-release
			if !Here() {
				t.Error("not pinned after Add")
			}
			if !Remove() || Here() || Remove() {
				t.Error("Remove does not take Add back, or takes it back twice")
			}
		}()
	}
	added.Wait()
	if Count() != n {
		t.Errorf("Count() = %d, want %d", Count(), n)
	}
	runtime.LockOSThread()
	if Here() {
		t.Error("a thread is taken for another")
	}
	runtime.UnlockOSThread()
	close(release)
	removed.Wait()
	if Count() != 0 {
		t.Errorf("Count() = %d at the end", Count())
	}
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
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			Add()
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
