// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine_test

import (
	"testing"
	"unsafe"

	. "github.com/osync-go/osync/explore/internal/engine"
)

// A word is an explored uint32.
type word struct{ v uint32 }

func (w *word) load() uint32 {
	Self().Step(&Op{Name: "Load", Addr: unsafe.Pointer(&w.v), Access: Read, Word: Word32})
	return w.v
}

func (w *word) store(v uint32) {
	Self().Step(&Op{Name: "Store", Addr: unsafe.Pointer(&w.v), Access: Store, Word: Word32})
	w.v = v
}

func (w *word) add(n uint32) uint32 {
	Self().Step(&Op{Name: "Add", Addr: unsafe.Pointer(&w.v), Access: Write, Word: Word32})
	w.v += n
	return w.v
}

func (w *word) cas(old, new uint32) bool {
	if Self().StepCompare(&Op{Name: "CompareAndSwap", Addr: unsafe.Pointer(&w.v), Access: Write, Word: Word32, Compare: true, Old: uint64(old)}) {
		w.v = new
		return true
	}
	return false
}

func (w *word) swap(v uint32) uint32 {
	Self().Step(&Op{Name: "Swap", Addr: unsafe.Pointer(&w.v), Access: Write, Word: Word32, Same: true, Old: uint64(v)})
	old := w.v
	w.v = v
	return old
}

// all starts the functions as goroutines and waits for their ends.
func all(t *Thread, fs ...func()) {
	n := len(fs)
	for _, f := range fs {
		t.Go(func() {
			f()
			if n--; n == 0 {
				Self().Wake(t)
			}
		})
	}
	t.Sleep("Wait", nil)
}

func TestCounts(t *testing.T) {
	writers := func(n int) func(*Thread) {
		return func(t *Thread) {
			w := new(word)
			var fs []func()
			for i := range n {
				fs = append(fs, func() { w.store(uint32(i)) })
			}
			all(t, fs...)
		}
	}
	for _, test := range []struct {
		name string
		want int
		body func(*Thread)
	}{
		{"two writers", 2, writers(2)},
		{"three writers", 6, writers(3)},
		{"four writers", 24, writers(4)},
		{"swaps of the same", 2, func(t *Thread) {
			v := new(word)
			all(t, func() { v.swap(0) }, func() { v.swap(0) })
		}},
		{"swaps of others", 2, func(t *Thread) {
			v := new(word)
			all(t, func() { v.swap(1) }, func() { v.swap(2) })
		}},
		{"swapping spin lock", 8, func(t *Thread) {
			v := new(word)
			lock := func() {
				for v.swap(1) == 1 {
				}
				v.store(0)
			}
			all(t, lock, lock)
		}},
		{"strangers", 1, func(t *Thread) {
			v, w := new(word), new(word)
			all(t, func() { v.add(1); v.add(1) }, func() { w.add(1); w.add(1) })
		}},
		{"readers", 1, func(t *Thread) {
			v := new(word)
			all(t, func() { v.load() }, func() { v.load() })
		}},
		{"store buffer", 3, func(t *Thread) { // of four results, both 0 is impossible
			v, w := new(word), new(word)
			all(t, func() { v.store(1); w.load() }, func() { w.store(1); v.load() })
		}},
		{"two by two adds", 6, func(t *Thread) {
			v := new(word)
			all(t, func() { v.add(1); v.add(1) }, func() { v.add(1); v.add(1) })
		}},
		{"last zero", 12, func(t *Thread) { // lastzero(n) of the paper has (n+3)*2^(n-2) traces
			a := make([]word, 4)
			all(t, func() {
				for i := 3; a[i].load() != 0; i-- {
				}
			}, func() { a[1].store(a[0].load() + 1) }, func() { a[2].store(a[1].load() + 1) }, func() { a[3].store(a[2].load() + 1) })
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := Explore(Options{Preemptions: -1}, test.body)
			if r.Failure != nil {
				t.Fatalf("%+v", r.Failure)
			}
			t.Logf("%+v", r)
			if got := r.Executions - r.Redundant; got != test.want || !r.Complete {
				t.Errorf("%d executions, %d redundant, complete %v; want %d", got, r.Redundant, r.Complete, test.want)
			}
		})
	}
}

func TestDeadlock(t *testing.T) {
	r := Explore(Options{Preemptions: -1}, func(t *Thread) {
		v, w := new(word), new(word)
		lock := func(l *word) {
			for !l.cas(0, 1) {
				Self().Yield("Gosched")
			}
		}
		all(t, func() { lock(v); lock(w); v.store(0); w.store(0) }, func() { lock(w); lock(v); v.store(0); w.store(0) })
	})
	if r.Failure == nil || r.Failure.Kind != "livelock" {
		t.Fatalf("%+v", r)
	}
	t.Logf("%+v", r.Failure)
}

// TestReadsInARow has a thread that reads a word repeatedly, but not in a loop: the write of the other can come at any
// time.
func TestReadsInARow(t *testing.T) {
	found := map[[5]uint32]bool{}
	r := Explore(Options{Preemptions: -1, Spins: 1}, func(t *Thread) {
		w := new(word)
		all(t, func() {
			found[[5]uint32{w.load(), w.load(), w.load(), w.load(), w.load()}] = true
		}, func() {
			w.store(1)
		})
	})
	if r.Failure != nil || !r.Complete || r.Executions != 6 || len(found) != 6 {
		t.Errorf("found %v: %+v", found, r)
	}
}

// TestSpinsOnOneWord has a thread that waits for a word after reading another, which changes meanwhile. That change
// must not make it spin on.
func TestSpinsOnOneWord(t *testing.T) {
	r := Explore(Options{Preemptions: -1}, func(t *Thread) {
		v, w := new(word), new(word)
		all(t, func() {
			v.load()
			for w.load() == 0 {
				Self().Yield("Gosched")
			}
		}, func() {
			v.store(1)
			w.store(1)
		})
	})
	if r.Failure != nil || !r.Complete || r.Depth > 20 {
		t.Errorf("%+v", r)
	}
}

func BenchmarkMutex(b *testing.B) {
	for b.Loop() {
		r := Explore(Options{Preemptions: -1}, func(t *Thread) {
			l := new(word)
			lock := func() {
				for !l.cas(0, 1) {
					Self().Yield("Gosched")
				}
				l.store(0)
			}
			all(t, lock, lock, lock)
		})
		b.ReportMetric(float64(r.Executions)/r.Elapsed.Seconds(), "executions/s")
		b.ReportMetric(float64(r.Steps)/r.Elapsed.Seconds(), "steps/s")
	}
}
