// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/osync-go/osync/explore/hook"
	. "github.com/osync-go/osync/explore/internal/engine"
	"github.com/osync-go/osync/explore/sync"
	"github.com/osync-go/osync/explore/time"
	"github.com/osync-go/osync/internal/race"
)

// A world is the shared state of the threads of a random program.
type world struct {
	word    word
	plain   uint32 // under mu or rw
	mu      sync.Mutex
	rw      sync.RWMutex
	chans   [2]chan int
	results [][]string
}

// acts are the statements. Each is executed by thread i and returns what the thread saw. Few of them can wait forever,
// so that most programs end.
var acts = []struct {
	name string
	do   func(w *world, i int) any
}{
	{"load", func(w *world, i int) any { return w.word.load() }},
	{"add", func(w *world, i int) any { return w.word.add(1) }},
	{"lock", func(w *world, i int) any {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.plain = 3*w.plain + uint32(i) + 1
		return w.plain
	}},
	{"trylock", func(w *world, i int) any {
		if !w.mu.TryLock() {
			return "busy"
		}
		defer w.mu.Unlock()
		return w.word.load()
	}},
	{"rlock", func(w *world, i int) any {
		w.rw.RLock()
		defer w.rw.RUnlock()
		return w.word.load()
	}},
	{"tryrlock", func(w *world, i int) any {
		if !w.rw.TryRLock() {
			return "busy"
		}
		defer w.rw.RUnlock()
		return "read"
	}},
	{"wlock", func(w *world, i int) any {
		w.rw.Lock()
		defer w.rw.Unlock()
		return w.word.add(2)
	}},
	{"send", func(w *world, i int) any {
		c := hook.OnSend(w.chans[i%2]).With(i + 1)
		return hook.Select(true, c)
	}},
	{"recv", func(w *world, i int) any {
		c := hook.OnRecv(w.chans[i%2])
		if hook.Select(true, c) < 0 {
			return "none"
		}
		return c.Value()
	}},
	{"select", func(w *world, i int) any {
		a, b := hook.OnRecv(w.chans[0]), hook.OnRecv(w.chans[1])
		switch hook.Select(false, a, b) {
		case 0:
			return fmt.Sprint("a", a.Value())
		default:
			return fmt.Sprint("b", b.Value())
		}
	}},
	{"offer", func(w *world, i int) any { // to any waiter: the other one gives up
		a, b := hook.OnSend(w.chans[0]).With(i+1), hook.OnSend(w.chans[1]).With(i+1)
		return hook.Select(i == 0, a, b)
	}},
	{"time out", func(w *world, i int) any {
		timer := time.NewTimer(1000)
		a, b := hook.OnRecv(w.chans[1]), hook.OnRecv(timer.C)
		switch hook.Select(false, a, b) {
		case 0:
			return fmt.Sprint(a.Value(), timer.Stop())
		default:
			return "late"
		}
	}},
}

func runWorld(o Options, p [][]int, capacity int) (ends map[string]bool, r *Result) {
	ends = map[string]bool{}
	r = Explore(o, func(t *Thread) {
		w := &world{results: make([][]string, len(p))}
		for i := range w.chans {
			w.chans[i] = make(chan int, capacity)
		}
		left := len(p)
		for i, statements := range p {
			t.Go(func() {
				for _, s := range statements {
					w.results[i] = append(w.results[i], fmt.Sprint(acts[s].do(w, i)))
				}
				left--
			})
		}
		t.Await(&Op{Name: "Wait", Ready: (*ender)(&left)})
		ends[fmt.Sprint(w.results, w.word.v, w.plain)] = true
	})
	return ends, r
}

// TestModels compares the search with one of all orders, for random programs that use locks, channels, selects
// and timers.
func TestModels(t *testing.T) {
	programs := 200
	if testing.Short() || race.Enabled {
		programs = 50
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	reduced, all, redundant, ended := 0, 0, 0, 0
	for range programs {
		p := make([][]int, 2+rng.IntN(2))
		var text []string
		for j := range p {
			for range 1 + rng.IntN(3) {
				p[j] = append(p[j], rng.IntN(len(acts)))
				text = append(text, fmt.Sprint(j, " ", acts[p[j][len(p[j])-1]].name))
			}
		}
		capacity := rng.IntN(2)
		want, full := runWorld(Options{Preemptions: -1, Executions: 20000}.Unreduced().Unshort(), p, capacity)
		if full.Failure == nil && !full.Complete {
			continue
		}
		got, r := runWorld(Options{Preemptions: -1}.Unshort(), p, capacity)
		name := fmt.Sprintf("capacity %d: %s", capacity, strings.Join(text, ", "))
		if (full.Failure != nil) != (r.Failure != nil) {
			t.Fatalf("%s:\nfailure %v\nwant    %v", name, r.Failure, full.Failure)
		}
		if full.Failure != nil {
			continue
		}
		if !maps.Equal(got, want) {
			t.Fatalf("%s:\n%d executions see\n%s\n%d see\n%s", name, r.Executions, strings.Join(slices.Sorted(maps.Keys(got)), "\n"),
				full.Executions, strings.Join(slices.Sorted(maps.Keys(want)), "\n"))
		}
		ended++
		all, reduced, redundant = all+full.Executions, reduced+r.Executions, redundant+r.Redundant
	}
	t.Logf("%d programs end; %d executions instead of %d, %d redundant", ended, reduced, all, redundant)
}

// TestSelectCounts sends on both channels of a select. Once the select waits, the order of the two sends matters, as
// one of them completes it; before, it does not.
func TestSelectCounts(t *testing.T) {
	r := Explore(Options{Preemptions: -1}, func(t *Thread) {
		a, b := make(chan int), make(chan int)
		t.Go(func() { hook.Select(false, hook.OnRecv(a), hook.OnRecv(b)) })
		all(t,
			func() { hook.Select(true, hook.OnSend(a).With(1)) },
			func() { hook.Select(true, hook.OnSend(b).With(1)) })
		hook.Select(true, hook.OnSend(a).With(1)) // for a select that is still to come, or has come last
		hook.Close(a)
	})
	// select, a, b; select, b, a; a, select, b; b, select, a; and after a and b, in any order, a select before
	// the send of main, between that and the close, or after both.
	if got := r.Executions - r.Redundant; got != 7 || !r.Complete {
		t.Errorf("%d executions, %v, want 7", got, r.Failure)
	}
}
