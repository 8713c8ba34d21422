// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/osync-go/osync/examples/internal/programtest"
)

func Test(t *testing.T) {
	programtest.Run(t, func(out io.Writer) error {
		return run(out, config{period: time.Millisecond, length: 50 * time.Millisecond, hold: 20 * time.Microsecond})
	})
}

// TestNoAllocation has no way allocate on the audio thread, nor its work.
func TestNoAllocation(t *testing.T) {
	for _, w := range ways {
		t.Run(w.name, func(t *testing.T) {
			s := w.share()
			if w.name == "native.PIMutex.Lock" && runtime.GOARCH == "wasm" {
				t.Skip("no threads")
			}
			s.change(func(p *params) { p.set(7) })
			var p params
			buffer := make([]float32, 256)
			if n := testing.AllocsPerRun(100, func() { s.latest(&p); fill(buffer, &p) }); n != 0 {
				t.Errorf("%v allocations", n)
			}
			if p.version != 7 || !p.whole() {
				t.Errorf("got %+v, want version 7", p)
			}
		})
	}
}

// TestKeeps holds the lock, or stops a writer: what does not wait keeps what it has.
func TestTryLockKeeps(t *testing.T) {
	for _, w := range ways {
		if w.name != "locks.Mutex.TryLock" {
			continue
		}
		s := w.share()
		s.change(func(p *params) { p.set(1) })
		p := params{}
		s.latest(&p)
		s.change(func(shared *params) {
			shared.set(2)
			if s.latest(&p) || p.version != 1 {
				t.Errorf("while a goroutine holds the lock: version %d, want the last one, 1", p.version)
			}
		})
		if !s.latest(&p) || p.version != 2 {
			t.Errorf("afterwards: version %d, want 2", p.version)
		}
	}
}

func TestRing(t *testing.T) {
	const n = 20_000
	r := newRing[int](8)
	go func() {
		for i := range n {
			for !r.put(i) {
				runtime.Gosched()
			}
		}
	}()
	for i := range n {
		var v int
		for !r.take(&v) {
			runtime.Gosched()
		}
		if v != i {
			t.Fatalf("got %d, want %d", v, i)
		}
	}
}

func TestRingBounds(t *testing.T) {
	r := newRing[int](4)
	var v int
	for round := range 3 {
		if r.take(&v) {
			t.Fatal("took a value from an empty ring")
		}
		for i := range 4 {
			if !r.put(10*round + i) {
				t.Fatalf("no room for value %d of 4", i)
			}
		}
		if r.put(99) {
			t.Fatal("put a fifth value")
		}
		for i := range 4 {
			if !r.take(&v) || v != 10*round+i {
				t.Fatalf("got %d, want %d", v, 10*round+i)
			}
		}
	}
}
