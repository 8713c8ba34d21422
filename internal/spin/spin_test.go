// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin

import (
	"runtime"
	"testing"

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
	var b Backoff
	looks := 0
	for ; !b.Yields(); looks++ {
		b.Grow()
	}
	if most := 6 + backoffPauses/backoffLongest + 1; looks > most || Worthwhile() && looks < 8 {
		t.Errorf("a Backoff yields after %d looks, want 8 to %d", looks, most)
	}
	b.Grow()
	if !b.Yields() {
		t.Error("a Backoff pauses again")
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
