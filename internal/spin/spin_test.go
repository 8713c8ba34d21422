// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/procs"
)

func TestBudget(t *testing.T) {
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	procs.Refresh()
	if b := NewBudget(3, 1); Worthwhile() || !b.Spent() {
		t.Error("a spin is said to be worthwhile with one processor")
	}
	runtime.GOMAXPROCS(2)
	procs.Refresh()
	if !Worthwhile() {
		t.Skip("one processor")
	}
	tries := 0
	for b := NewBudget(3, 1); !b.Spent(); b.Spend() {
		tries++
	}
	if tries != 3 {
		t.Errorf("a budget of 3 allows %d tries", tries)
	}
}

// A goroutine is ready to run, and the one processor is ours.
func TestCrowded(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	done := make(chan struct{})
	go close(done)
	if Crowded() != asks {
		t.Errorf("Crowded() = %t with one processor, and a goroutine that waits for it", !asks)
	}
	<-done
}

func TestBackoff(t *testing.T) {
	const most = 6 + backoffPauses/backoffLongest + 1
	looks := func() (n int) {
		for b := (Backoff{}); !b.Yields(); n++ {
			if n > most {
				t.Fatalf("a Backoff does not yield after %d looks, want at most %d", n, most)
			}
			b.Grow()
		}
		return n
	}
	looks()
	var b Backoff
	b.Yield()
	b.Grow()
	if !b.Yields() {
		t.Error("a Backoff pauses again")
	}
	if !Worthwhile() {
		t.Skip("one processor")
	}
	var stop atomic.Bool
	defer stop.Store(true)
	go func() {
		for !stop.Load() {
		}
	}()
	soon(t, "a Backoff pauses beside a goroutine that runs", func() bool { return looks() >= 8 })
}

// Where no other processor runs a goroutine, a Backoff yields at once.
func TestBackoffCrowded(t *testing.T) {
	if !asks || !Worthwhile() {
		t.Skip("Crowded does not tell")
	}
	soon(t, "a Backoff yields at once", func() bool {
		var b Backoff
		b.Grow()
		return b.Yields()
	})
}

// soon waits until cond holds.
func soon(t *testing.T, what string, cond func() bool) {
	t.Helper()
	for start := time.Now(); !cond(); time.Sleep(time.Millisecond) {
		if time.Since(start) > 30*time.Second {
			t.Fatalf("not so after half a minute: %s", what)
		}
	}
}

func TestPause(*testing.T) {
	for _, n := range []uint32{0, 1, 1000} {
		Pause(n) // returns
	}
}

func BenchmarkPause(b *testing.B) {
	for b.Loop() {
		Pause(30)
	}
}
