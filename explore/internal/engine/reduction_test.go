// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	. "github.com/osync-go/osync/explore/internal/engine"
	"github.com/osync-go/osync/internal/race"
)

// A statement of a random program.
type statement struct {
	kind int // see run
	word int
	n    uint32
}

const (
	load = iota
	store
	add
	cas
	lock   // and the next unlock
	unlock //
	sleep
	wake
	choose
	await // a change of the word, in a spin loop
	queue // the first thread sleeps there; the others wake it, or look
	kinds
	kill // the first thread, which is a process of its own
)

// A lock is a mutex of the engine.
type lockWord struct{ v uint32 }

func (l *lockWord) Ready() bool { return l.v == 0 }

func (l *lockWord) lock() {
	Self().Step(&Op{Name: "Lock", Addr: unsafe.Pointer(&l.v), Access: Acquire, Word: Word32, Ready: l})
	l.v = 1
}

func (l *lockWord) unlock() {
	Self().Step(&Op{Name: "Unlock", Addr: unsafe.Pointer(&l.v), Access: Release, Word: Word32})
	l.v = 0
}

// A sleepers is a queue of threads that sleep.
type sleepers struct{ threads []*Thread }

func (q *sleepers) step(access Access) {
	Self().Step(&Op{Name: "queue", Addr: unsafe.Pointer(q), Access: access})
}

func (q *sleepers) sleep() {
	t := Self()
	q.step(Write)
	q.threads = append(q.threads, t)
	t.OnKill(func() { q.threads = nil }, unsafe.Pointer(q))
	t.Sleep("queue", nil)
	t.OnKill(nil)
}

func (q *sleepers) wake() {
	q.step(Write)
	for _, t := range q.threads {
		Self().Wake(t)
	}
	q.threads = nil
}

func (q *sleepers) len() int {
	q.step(Read)
	return len(q.threads)
}

// program makes a program of threads that end, though they can wait forever.
func program(rng *rand.Rand) [][]statement {
	threads := make([][]statement, 2+rng.IntN(2))
	for i := range threads {
		held := -1
		n := 2 + rng.IntN(3)
		for range n {
			s := statement{rng.IntN(kinds), rng.IntN(2), uint32(1 + rng.IntN(2))}
			switch {
			case s.kind == lock && held < 0:
				held = s.word
			case s.kind == lock, s.kind == unlock:
				if held < 0 {
					continue
				}
				s.kind, s.word = unlock, held
				held = -1
			}
			threads[i] = append(threads[i], s)
		}
		if held >= 0 {
			threads[i] = append(threads[i], statement{unlock, held, 0})
		}
	}
	if rng.IntN(3) == 0 {
		i := rng.IntN(len(threads))
		threads[i] = slices.Insert(threads[i], rng.IntN(len(threads[i])+1), statement{kind: kill})
	}
	return threads
}

// outcomes explores p and returns how its executions end: the values that the threads read, and the words, or a
// deadlock.
func outcomes(o Options, p [][]statement) (ends map[string]bool, r *Result) {
	ends = map[string]bool{}
	r = Explore(o, func(t *Thread) {
		words := make([]word, 2)
		locks := make([]lockWord, 2)
		guarded := make([]uint32, 2) // by locks
		reads := make([][]uint32, len(p))
		threads := make([]*Thread, len(p))
		slept := make([]word, len(p))
		asleep := new(sleepers)
		left, ended := len(p), make([]bool, len(p))
		end := func(i int) {
			if ended[i] {
				return
			}
			ended[i] = true
			if left--; left == 0 {
				Self().Wake(t)
			}
		}
		first := t.NewProcess()
		for i, statements := range p {
			start := t.Go
			if i == 0 {
				start = func(f func()) *Thread { return t.GoIn(first, f) }
			}
			threads[i] = start(func() {
				self := Self()
				note := func(v uint32) { reads[i] = append(reads[i], v) }
				for _, s := range statements {
					w := &words[s.word]
					switch s.kind {
					case load:
						note(w.load())
					case store:
						w.store(s.n)
					case add:
						note(w.add(s.n))
					case cas:
						if w.cas(s.n-1, s.n) {
							note(1)
						} else {
							note(0)
						}
					case lock:
						locks[s.word].lock()
						guarded[s.word] = 4*guarded[s.word] + uint32(i) + 1
						note(guarded[s.word])
					case unlock:
						locks[s.word].unlock()
					case sleep:
						// A sleep of at most one wake-up, so that most programs end.
						if slept[i].cas(0, 1) {
							self.Sleep("sleep", nil)
						}
					case wake:
						other := (i + 1) % len(p)
						if threads[other] != nil && slept[other].cas(1, 2) {
							self.Wake(threads[other])
						}
					case await:
						for w.load() == 0 {
						}
						note(w.load())
					case choose:
						note(uint32(self.Choose("choose", 2)))
					case queue:
						switch {
						case i == 0:
							asleep.sleep()
						case s.n == 1:
							asleep.wake()
						default:
							note(uint32(asleep.len()))
						}
					case kill:
						self.Kill(first, func() { end(0) })
					}
				}
				end(i)
			})
		}
		t.Await(&Op{Name: "Wait", Ready: (*ender)(&left)})
		ends[fmt.Sprint(reads, words)] = true
	})
	return ends, r
}

// An ender counts the threads that have not ended.
type ender int

func (e *ender) Ready() bool { return *e == 0 }

// TestReduction compares the reduced search with a search of all orders: both must see the same outcomes, also if
// preemptions are bounded.
func TestReduction(t *testing.T) {
	programs := 800 // the step "fuzz" of .ci/run tries more
	if testing.Short() || race.Enabled {
		programs = 100
	}
	for _, bound := range []int{-1, 0, 1, 2} {
		t.Run(fmt.Sprint("preemptions=", bound), func(t *testing.T) {
			seed := rand.Uint64()
			t.Logf("seed %d", seed)
			rng := rand.New(rand.NewPCG(seed, 0))
			reduced, all, redundant := 0, 0, 0
			for range programs {
				p := program(rng)
				want, full := outcomes(Options{Preemptions: bound, Executions: 20000}.Unreduced().Unshort(), p)
				got, r := outcomes(Options{Preemptions: bound, Executions: 50000}.Unshort(), p)
				if full.Failure == nil && !full.Complete {
					continue
				}
				if (full.Failure != nil) != (r.Failure != nil) {
					t.Fatalf("%v: failure %v, want %v", p, r.Failure, full.Failure)
				}
				if full.Failure != nil {
					continue
				}
				if !maps.Equal(got, want) {
					t.Fatalf("%v:\n%d executions see %v\n%d see %v", p, r.Executions, slices.Sorted(maps.Keys(got)), full.Executions, slices.Sorted(maps.Keys(want)))
				}
				if r.Executions > 10000 {
					t.Logf("%v: %d of %d", p, r.Executions, full.Executions)
				}
				all, reduced, redundant = all+full.Executions, reduced+r.Executions, redundant+r.Redundant
			}
			t.Logf("%d executions instead of %d, %d redundant", reduced, all, redundant)
		})
	}
}

// TestBoundedReduction has a program of which the reduced search once missed orders with one preemption: goroutine 3
// must come before the unlock of goroutine 2, though it has to wait for that.
func TestBoundedReduction(t *testing.T) {
	p := [][]statement{
		{{lock, 0, 2}, {store, 0, 1}, {choose, 0, 2}, {unlock, 0, 0}},
		{{lock, 0, 1}, {add, 0, 2}, {unlock, 0, 1}, {load, 0, 1}},
		{{load, 1, 1}, {add, 0, 2}, {lock, 0, 1}, {store, 0, 1}, {unlock, 0, 0}},
	}
	for bound := range 4 {
		want, full := outcomes(Options{Preemptions: bound}.Unreduced(), p)
		got, r := outcomes(Options{Preemptions: bound}, p)
		if !maps.Equal(got, want) {
			t.Errorf("%d preemptions: %d executions see %d outcomes, %d see %d", bound, r.Executions, len(got), full.Executions, len(want))
		}
	}
}

// TestKills has programs of which the reduced search once missed outcomes, or would miss them without some part of its
// treatment of kills.
func TestKills(t *testing.T) {
	for _, test := range []struct {
		name    string
		program [][]statement
	}{
		{"a store between a load and the kill that has prevented it", [][]statement{
			{{load, 0, 2}, {load, 1, 1}},
			{{store, 0, 1}, {load, 0, 1}, {await, 0, 2}, {choose, 0, 2}, {kill, 0, 0}},
			{{store, 1, 2}, {lock, 1, 2}, {unlock, 1, 0}},
		}},
		{"a lock that waits is killed, but may have come first", [][]statement{
			{{add, 1, 2}, {lock, 0, 2}, {unlock, 0, 0}},
			{{store, 1, 1}, {lock, 0, 2}, {kill, 0, 0}, {unlock, 0, 0}},
		}},
		{"a wake between a sleep and the kill that has ended it", [][]statement{
			{{sleep, 0, 1}, {choose, 0, 1}, {load, 0, 1}},
			{{kill, 0, 0}, {store, 0, 1}},
			{{wake, 0, 1}, {load, 0, 1}},
		}},
		{"the length of a queue that a kill shortens", [][]statement{
			{{queue, 0, 1}},
			{{kill, 0, 0}, {store, 0, 1}},
			{{queue, 0, 2}, {load, 0, 1}},
		}},
	} {
		for bound := -1; bound <= 2; bound++ {
			want, full := outcomes(Options{Preemptions: bound}.Unreduced(), test.program)
			got, r := outcomes(Options{Preemptions: bound}, test.program)
			if full.Failure != nil && r.Failure != nil {
				continue
			}
			if full.Failure != nil || r.Failure != nil || !maps.Equal(got, want) {
				t.Errorf("%s: %d preemptions: %d executions see %v, %d see %v; failures %v, %v", test.name, bound,
					r.Executions, slices.Sorted(maps.Keys(got)), full.Executions, slices.Sorted(maps.Keys(want)), r.Failure, full.Failure)
			}
		}
	}
}
