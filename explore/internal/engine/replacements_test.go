// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	stdcontext "context"

	"github.com/osync-go/osync/explore/context"
	"github.com/osync-go/osync/explore/hook"
	. "github.com/osync-go/osync/explore/internal/engine"
	"github.com/osync-go/osync/explore/internal/enginetest"
	"github.com/osync-go/osync/explore/sync"
	xtime "github.com/osync-go/osync/explore/time"
	"github.com/osync-go/osync/internal/race"
)

// A scene holds the objects of the statements of a random program. Each statement ends, whatever the others do, when
// quit is closed at the latest.
type scene struct {
	chans   [2]chan int
	quit    chan int
	rw      sync.RWMutex
	guarded int
	m       sync.Map
	wg      sync.WaitGroup
	ctx     [2]stdcontext.Context
	cancel  [2]stdcontext.CancelFunc
	timer   *xtime.Timer
	calls   *xtime.Timer
	called  int
	mu      sync.Mutex
	cond    *sync.Cond
	ready   bool
}

func newScene() *scene {
	w := &scene{quit: make(chan int)}
	w.cond = sync.NewCond(&w.mu)
	return w
}

// families are statements that use the same objects. Each returns what it saw.
var families = map[string]struct {
	begin      func(w *scene)
	statements []func(w *scene, n int) any
}{
	"channels": {
		func(w *scene) { w.chans = [2]chan int{make(chan int), make(chan int, 1)} },
		[]func(w *scene, n int) any{
			func(w *scene, n int) any {
				r := hook.OnRecv(w.chans[n%2])
				return fmt.Sprint(hook.Select(false, r, hook.OnRecv(w.quit)), r.Value())
			},
			func(w *scene, n int) any {
				return hook.Select(false, hook.OnSend(w.chans[n%2]).With(n), hook.OnRecv(w.quit))
			},
			func(w *scene, n int) any {
				r := hook.OnRecv(w.chans[n%2])
				return fmt.Sprint(hook.Select(true, r), r.Value())
			},
			func(w *scene, n int) any { return hook.Select(true, hook.OnSend(w.chans[n%2]).With(n)) },
			func(w *scene, n int) any {
				a, b := hook.OnRecv(w.chans[0]), hook.OnRecv(w.chans[1])
				return fmt.Sprint(hook.Select(n > 1, a, b, hook.OnRecv(w.quit)), a.Value(), b.Value())
			},
			func(w *scene, n int) any {
				a, b := hook.OnRecv(w.chans[n%2]), hook.OnSend(w.chans[1-n%2]).With(n)
				return fmt.Sprint(hook.Select(false, a, b, hook.OnRecv(w.quit)), a.Value())
			},
			func(w *scene, n int) any { return hook.Len(w.chans[1]) },
		},
	},
	"locks": {
		func(w *scene) {},
		[]func(w *scene, n int) any{
			func(w *scene, n int) any {
				w.rw.Lock()
				defer w.rw.Unlock()
				w.guarded = 4*w.guarded + n
				return w.guarded
			},
			func(w *scene, n int) any {
				w.rw.RLock()
				defer w.rw.RUnlock()
				return w.guarded
			},
			func(w *scene, n int) any {
				w.rw.RLock()
				defer w.rw.RUnlock()
				if w.rw.TryRLock() {
					defer w.rw.RUnlock()
					return "again"
				}
				return "once"
			},
			func(w *scene, n int) any {
				if !w.rw.TryLock() {
					return false
				}
				defer w.rw.Unlock()
				w.guarded = 4*w.guarded + n
				return w.guarded
			},
			func(w *scene, n int) any {
				if !w.rw.TryRLock() {
					return false
				}
				defer w.rw.RUnlock()
				return w.guarded
			},
		},
	},
	"maps and groups": {
		func(w *scene) { w.wg.Add(1) },
		[]func(w *scene, n int) any{
			func(w *scene, n int) any {
				v, ok := w.m.LoadOrStore(n%2, n)
				return fmt.Sprint(v, ok)
			},
			func(w *scene, n int) any { return w.m.CompareAndSwap(n%2, n, n+1) },
			func(w *scene, n int) any {
				v, ok := w.m.LoadAndDelete(n % 2)
				return fmt.Sprint(v, ok)
			},
			func(w *scene, n int) any {
				w.wg.Add(1)
				w.guarded++
				w.wg.Done()
				return nil
			},
			func(w *scene, n int) any {
				keys := ""
				w.m.Range(func(k, v any) bool { keys += fmt.Sprint(k, v, ";"); return true })
				return keys
			},
		},
	},
	"condition": {
		func(w *scene) {},
		[]func(w *scene, n int) any{
			func(w *scene, n int) any {
				w.mu.Lock()
				defer w.mu.Unlock()
				turns := 0
				for !w.ready {
					w.cond.Wait()
					turns++
				}
				return turns
			},
			func(w *scene, n int) any { w.cond.Signal(); return nil },
			func(w *scene, n int) any { w.cond.Broadcast(); return nil },
			func(w *scene, n int) any {
				w.mu.Lock()
				defer w.mu.Unlock()
				was := w.ready
				w.ready = n > 1
				return was
			},
		},
	},
	"contexts": {
		func(w *scene) {
			w.ctx[0], w.cancel[0] = context.WithCancel(stdcontext.Background())
			w.ctx[1], w.cancel[1] = context.WithTimeout(w.ctx[0], time.Second)
		},
		[]func(w *scene, n int) any{
			func(w *scene, n int) any { w.cancel[n%2](); return nil },
			func(w *scene, n int) any { return w.ctx[n%2].Err() },
			func(w *scene, n int) any { return hook.Select(true, hook.OnRecv(w.ctx[n%2].Done())) },
			func(w *scene, n int) any {
				return hook.Select(false, hook.OnRecv(w.ctx[0].Done()), hook.OnRecv(w.ctx[1].Done()), hook.OnRecv(w.quit))
			},
			func(w *scene, n int) any {
				stop := context.AfterFunc(w.ctx[n%2], func() { w.mu.Lock(); w.called++; w.mu.Unlock() })
				return stop()
			},
		},
	},
	"timers": {
		func(w *scene) {
			w.timer = xtime.NewTimer(time.Second)
			w.calls = xtime.AfterFunc(time.Second, func() { w.mu.Lock(); w.called++; w.mu.Unlock() })
		},
		[]func(w *scene, n int) any{
			func(w *scene, n int) any { return w.timer.Stop() },
			func(w *scene, n int) any { return hook.Select(true, hook.OnRecv(w.timer.C)) },
			func(w *scene, n int) any {
				return hook.Select(false, hook.OnRecv(w.timer.C), hook.OnRecv(w.quit))
			},
			func(w *scene, n int) any { return w.calls.Stop() },
			func(w *scene, n int) any {
				w.mu.Lock()
				defer w.mu.Unlock()
				return w.called
			},
		},
	},
}

// sceneOutcomes explores a program, which has for each thread the number of a statement and an argument.
func sceneOutcomes(o Options, family string, p [][][2]int) (ends map[string]bool, r *Result) {
	ends = map[string]bool{}
	f := families[family]
	r = Explore(o, func(*Thread) {
		w := newScene()
		f.begin(w)
		seen := make([]string, len(p))
		threads := []func(){func() { hook.Close(w.quit) }}
		for i, statements := range p {
			threads = append(threads, func() {
				for _, s := range statements {
					seen[i] += fmt.Sprint(f.statements[s[0]](w, s[1]), ",")
				}
			})
		}
		if family != "channels" && family != "contexts" && family != "timers" {
			threads = threads[1:] // nothing waits for quit
		}
		enginetest.All(threads...)
		w.mu.Lock()
		defer w.mu.Unlock()
		ends[fmt.Sprint(seen, w.guarded, w.called)] = true
	})
	return ends, r
}

// TestReplacements compares, like TestReduction, the reduced search with a search of all orders, for programs of
// operations of the replacements of Go's packages.
func TestReplacements(t *testing.T) {
	programs := 50
	if testing.Short() || race.Enabled {
		programs = 10
	}
	for _, family := range slices.Sorted(maps.Keys(families)) {
		t.Run(family, func(t *testing.T) {
			seed := rand.Uint64()
			t.Logf("seed %d", seed)
			rng := rand.New(rand.NewPCG(seed, 0))
			reduced, all, compared := 0, 0, 0
			for range programs {
				p := make([][][2]int, 2+rng.IntN(2))
				for i := range p {
					for range 1 + rng.IntN(3) {
						p[i] = append(p[i], [2]int{rng.IntN(len(families[family].statements)), 1 + rng.IntN(3)})
					}
				}
				want, full := sceneOutcomes(Options{Preemptions: -1, Executions: 3000}.Unreduced(), family, p)
				if !full.Complete && full.Failure == nil {
					continue
				}
				got, r := sceneOutcomes(Options{Preemptions: -1}, family, p)
				if (full.Failure != nil) != (r.Failure != nil) {
					t.Fatalf("%v: failure %v, want %v", p, r.Failure, full.Failure)
				}
				if full.Failure != nil {
					continue
				}
				if !maps.Equal(got, want) {
					t.Fatalf("%v:\n%d executions see %v\n%d see %v", p, r.Executions, slices.Sorted(maps.Keys(got)), full.Executions, slices.Sorted(maps.Keys(want)))
				}
				compared++
				all, reduced = all+full.Executions, reduced+r.Executions
			}
			t.Logf("%d programs: %d executions instead of %d", compared, reduced, all)
		})
	}
}
