// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
)

// starts are the ways to run a waiter.
var starts = map[string]func(func()){
	"goroutine": func(f func()) { go f() },
	"pinned":    func(f func()) { thread.Spawn(func() error { f(); return nil }) },
}

// forEachStart runs a test with waiters of each kind.
func forEachStart(t *testing.T, f func(t *testing.T, start func(func()))) {
	for _, name := range []string{"goroutine", "pinned"} {
		t.Run(name, func(t *testing.T) { f(t, starts[name]) })
	}
}

// eventually waits for a fact.
func eventually(t *testing.T, what string, fact func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !fact(); {
		if time.Now().After(end) {
			t.Fatalf("not within 30 s: %s", what)
		}
		runtime.Gosched()
	}
}

func waiting(t *testing.T, addr *atomic.Uint32, n int) {
	t.Helper()
	eventually(t, fmt.Sprintf("%d waiters", n), func() bool { return park.Waiting(addr) == n })
}

// atEnd checks that nothing was left behind.
func atEnd(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		park.Check()
		eventually(t, "all waiters gone", func() bool { return park.Counted() == 0 })
	})
}

func TestWaitReturnsWhenTheWordDiffers(t *testing.T) {
	atEnd(t)
	forEachStart(t, func(t *testing.T, start func(func())) {
		done := make(chan struct{})
		start(func() {
			defer close(done)
			var word atomic.Uint32
			park.Wait(&word, 1)
			if !park.WaitFor(&word, 1, time.Hour) || !park.WaitFor(&word, 1, 0) || !park.WaitFor(&word, 1, -1) {
				t.Error("WaitFor reports a time-out though the word differs")
			}
			if err := park.WaitContext(t.Context(), &word, 1); err != nil {
				t.Errorf("WaitContext = %v though the word differs", err)
			}
		})
		<-done
	})
}

func TestWake(t *testing.T) {
	atEnd(t)
	waits := map[string]func(*atomic.Uint32){
		"Wait": func(w *atomic.Uint32) { park.Wait(w, 0) },
		"WaitFor": func(w *atomic.Uint32) {
			if !park.WaitFor(w, 0, math.MaxInt64) {
				t.Error("the largest duration ended")
			}
		},
		"WaitContext": func(w *atomic.Uint32) {
			if err := park.WaitContext(t.Context(), w, 0); err != nil {
				t.Errorf("WaitContext = %v", err)
			}
		},
		"background context": func(w *atomic.Uint32) {
			if err := park.WaitContext(context.Background(), w, 0); err != nil {
				t.Errorf("WaitContext = %v", err)
			}
		},
	}
	forEachStart(t, func(t *testing.T, start func(func())) {
		for name, wait := range waits {
			t.Run(name, func(t *testing.T) {
				var word atomic.Uint32
				if park.Wake(&word) || park.WakeAll(&word) != 0 {
					t.Error("woke somebody where nobody waits")
				}
				done := make(chan struct{})
				start(func() {
					for word.Load() == 0 {
						wait(&word)
					}
					close(done)
				})
				waiting(t, &word, 1)
				word.Store(1)
				if !park.Wake(&word) {
					t.Error("Wake found nobody")
				}
				<-done
			})
		}
	})
}

// TestOrder queues goroutines and pinned threads, with and without limits, and wakes one
// after the other.
func TestOrder(t *testing.T) {
	atEnd(t)
	const n = 24
	var word atomic.Uint32
	var mu sync.Mutex
	var got, want []int
	var done sync.WaitGroup
	for i := range n {
		done.Add(1)
		start := starts["goroutine"]
		if i%2 == 1 {
			start = starts["pinned"]
		}
		start(func() {
			defer done.Done()
			switch i % 3 {
			case 0:
				park.Wait(&word, 0)
			case 1:
				park.WaitFor(&word, 0, time.Hour)
			case 2:
				park.WaitContext(t.Context(), &word, 0)
			}
			mu.Lock()
			got = append(got, i)
			mu.Unlock()
		})
		waiting(t, &word, i+1)
		want = append(want, i)
	}
	for i := range n {
		park.Wake(&word)
		eventually(t, "the next one ran", func() bool { mu.Lock(); defer mu.Unlock(); return len(got) == i+1 })
	}
	done.Wait()
	if !slices.Equal(got, want) {
		t.Errorf("woken in the order %v", got)
	}
}

func TestWakeAll(t *testing.T) {
	atEnd(t)
	forEachStart(t, func(t *testing.T, start func(func())) {
		const n = 50
		words := park.SameBucket(2)
		var done sync.WaitGroup
		for range n {
			done.Add(1)
			start(func() { defer done.Done(); park.Wait(words[0], 0) })
		}
		stranger := make(chan struct{})
		start(func() { park.Wait(words[1], 0); close(stranger) })
		waiting(t, words[0], n)
		waiting(t, words[1], 1)
		if got := park.WakeAll(words[0]); got != n {
			t.Errorf("WakeAll = %d, want %d", got, n)
		}
		done.Wait()
		if got := park.Waiting(words[1]); got != 1 {
			t.Errorf("%d wait on another word of the bucket, want 1", got)
		}
		park.Wake(words[1])
		<-stranger
	})
}

func TestTimeout(t *testing.T) {
	atEnd(t)
	forEachStart(t, func(t *testing.T, start func(func())) {
		for _, d := range []time.Duration{math.MinInt64, -1, 0, 1, time.Microsecond, 5 * time.Millisecond} {
			done := make(chan struct{})
			start(func() {
				defer close(done)
				var word atomic.Uint32
				begin := time.Now()
				if park.WaitFor(&word, 0, d) {
					t.Errorf("WaitFor(%v) = true, want a time-out", d)
				}
				if took := time.Since(begin); took < d || took > max(d, 0)+20*time.Second {
					t.Errorf("WaitFor(%v) took %v", d, took)
				}
			})
			<-done
		}
	})
}

// A closing context ends without an error, which package context forbids.
type closing struct {
	context.Context
	done chan struct{}
}

func (c closing) Done() <-chan struct{} { return c.done }

// A panicking context ends, and panics when it is asked why.
type panicking struct{ closing }

func (c panicking) Err() error {
	select {
	case <-c.done:
		panic("Err")
	default:
		return nil
	}
}

func TestContext(t *testing.T) {
	atEnd(t)
	cause := errors.New("enough")
	forEachStart(t, func(t *testing.T, start func(func())) {
		run := func(ctx context.Context, word *atomic.Uint32) chan error {
			result := make(chan error, 1)
			start(func() { result <- park.WaitContext(ctx, word, 0) })
			return result
		}
		t.Run("ended before", func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(cause)
			if err := <-run(ctx, new(atomic.Uint32)); err != cause {
				t.Errorf("WaitContext = %v, want the cause", err)
			}
		})
		t.Run("ends while asleep", func(t *testing.T) {
			var word atomic.Uint32
			ctx, cancel := context.WithCancelCause(t.Context())
			result := run(ctx, &word)
			waiting(t, &word, 1)
			cancel(cause)
			if err := <-result; err != cause {
				t.Errorf("WaitContext = %v, want the cause", err)
			}
			if park.Waiting(&word) != 0 {
				t.Error("the waiter is still in the queue")
			}
		})
		t.Run("without an error", func(t *testing.T) {
			var word atomic.Uint32
			ctx := closing{t.Context(), make(chan struct{})}
			result := run(ctx, &word)
			waiting(t, &word, 1)
			close(ctx.done)
			if err := <-result; err != context.Canceled {
				t.Errorf("WaitContext = %v, want Canceled", err)
			}
			if err := <-run(ctx, &word); err != context.Canceled {
				t.Errorf("WaitContext = %v of one that has ended before, want Canceled", err)
			}
			if park.Waiting(&word) != 0 {
				t.Error("the waiter is still in the queue")
			}
		})
		t.Run("panics", func(t *testing.T) {
			var word atomic.Uint32
			ctx := panicking{closing{t.Context(), make(chan struct{})}}
			result := run(ctx, &word)
			waiting(t, &word, 1)
			close(ctx.done)
			if err := <-result; err == nil || !strings.Contains(err.Error(), "panicked: Err") {
				t.Errorf("WaitContext = %v, want an error that tells of the panic", err)
			}
			if park.Waiting(&word) != 0 {
				t.Error("the waiter is still in the queue")
			}
		})
		t.Run("deadline", func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			defer cancel()
			if err := <-run(ctx, new(atomic.Uint32)); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("WaitContext = %v, want DeadlineExceeded", err)
			}
		})
	})
	t.Run("nil", func(t *testing.T) {
		defer func() {
			if recover() == nil {
				t.Error("a nil context does not panic")
			}
		}()
		park.WaitContext(nil, new(atomic.Uint32), 0) //lint:ignore SA1012 the panic is what is tested
	})
}

// refusing is an Enqueuer that makes no caller wait.
type refusing struct{}

func (refusing) Enqueue(park.Queue, *park.Waiter) uint32 { return 5 }
func (refusing) GiveUp(park.Queue, *park.Waiter)         {}

// TestSleepRefused uses a Waiter twice. The second time it need not wait, and gets the token of Enqueue.
func TestSleepRefused(t *testing.T) {
	atEnd(t)
	forEachStart(t, func(t *testing.T, start func(func())) {
		for _, kind := range []park.Kind{park.Exclusion, park.Condition} {
			for _, limit := range []park.Limit{{}, park.For(time.Hour), park.For(0)} {
				var word atomic.Uint32
				done := make(chan struct{})
				start(func() {
					defer close(done)
					w := park.NewWaiter(kind, limit)
					defer w.Free()
					if token, err := w.Sleep(&word, new(counted), nil); (token == 7) != (err == nil) {
						t.Errorf("kind %d, %+v: Sleep = %d, %v", kind, limit, token, err)
					}
					if token, err := w.Sleep(&word, refusing{}, nil); token != 5 || err != nil {
						t.Errorf("kind %d, %+v: Sleep = %d, %v where nobody has to wait", kind, limit, token, err)
					}
				})
				for asleep := true; asleep; {
					var w *park.Waiter
					park.WithQueue(&word, func(q park.Queue) { w = q.Pop() })
					if w != nil {
						w.Wake(7)
					}
					select {
					case <-done:
						asleep = false
					default:
						runtime.Gosched()
					}
				}
			}
		}
	})
}

func TestRequeue(t *testing.T) {
	atEnd(t)
	forEachStart(t, func(t *testing.T, start func(func())) {
		for _, to := range [][]*atomic.Uint32{park.SameBucket(2), {new(atomic.Uint32), new(atomic.Uint32)}} {
			from, to := to[0], to[1]
			var mu sync.Mutex
			var got []int
			var done sync.WaitGroup
			for i := range 10 {
				done.Add(1)
				start(func() {
					defer done.Done()
					if i%2 == 0 {
						park.Wait(from, 0)
					} else {
						park.WaitFor(from, 0, time.Hour)
					}
					mu.Lock()
					got = append(got, i)
					mu.Unlock()
				})
				waiting(t, from, i+1)
			}
			awake := func(n int) {
				t.Helper()
				eventually(t, "as many are awake", func() bool { mu.Lock(); defer mu.Unlock(); return len(got) == n })
			}
			if woken, moved, ok := park.Requeue(from, 1, 1, to, 100); woken != 0 || moved != 0 || ok {
				t.Errorf("Requeue of another value = %d, %d, %v", woken, moved, ok)
			}
			if woken, moved, ok := park.Requeue(from, 0, -1, to, -1); woken != 0 || moved != 0 || !ok {
				t.Errorf("Requeue of negative numbers = %d, %d, %v", woken, moved, ok)
			}
			if woken, moved, ok := park.Requeue(from, 0, 2, to, 5); woken != 2 || moved != 5 || !ok {
				t.Errorf("Requeue = %d, %d, %v, want 2, 5, true", woken, moved, ok)
			}
			awake(2)
			if a, b := park.Waiting(from), park.Waiting(to); a != 3 || b != 5 {
				t.Errorf("%d and %d wait, want 3 and 5", a, b)
			}
			park.Check()
			for i := range 5 {
				park.Wake(to)
				awake(3 + i)
			}
			if woken, moved, ok := park.Requeue(from, 0, 1, from, 5); woken != 1 || moved != 0 || !ok {
				t.Errorf("Requeue onto itself = %d, %d, %v, want 1, 0, true", woken, moved, ok)
			}
			awake(8)
			if n := park.WakeAll(from); n != 2 {
				t.Errorf("WakeAll = %d, want 2", n)
			}
			done.Wait()
			if want := []int{2, 3, 4, 5, 6, 7}; !slices.Equal(got[2:8], want) {
				t.Errorf("woken in the order %v, want %v in the middle", got, want)
			}
		}
	})
}

// TestMovedWaiterTimesOut moves a waiter to another word, where its limit finds it.
func TestMovedWaiterTimesOut(t *testing.T) {
	atEnd(t)
	forEachStart(t, func(t *testing.T, start func(func())) {
		var from, to atomic.Uint32
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error)
		start(func() { result <- park.WaitContext(ctx, &from, 0) })
		waiting(t, &from, 1)
		park.Requeue(&from, 0, 0, &to, 1)
		if a, b := park.Waiting(&from), park.Waiting(&to); a != 0 || b != 1 {
			t.Fatalf("%d and %d wait, want 0 and 1", a, b)
		}
		cancel()
		if err := <-result; err != context.Canceled {
			t.Errorf("WaitContext = %v, want Canceled", err)
		}
		if n := park.Waiting(&to); n != 0 {
			t.Errorf("%d wait on the second word, want 0", n)
		}
	})
}

func TestAllocations(t *testing.T) {
	if testing.CoverMode() != "" {
		t.Skip("coverage counts allocations of its own")
	}
	var word, to atomic.Uint32
	n := 0
	for name, f := range map[string]func(){
		"Wait, no sleep":    func() { park.Wait(&word, 1) },
		"WaitFor, no sleep": func() { park.WaitFor(&word, 1, time.Hour) },
		"Wake, nobody":      func() { park.Wake(&word) },
		"WakeAll, nobody":   func() { park.WakeAll(&word) },
		"WithQueue": func() {
			park.WithQueue(&word, func(q park.Queue) {
				if q.Pop() != nil {
					n++
				}
			})
		},
		"WithQueues": func() { park.WithQueues(&word, &to, func(q, to park.Queue) { n += q.MoveTo(to, 1) }) },
	} {
		if n := allocs.PerRun(t, 100, f); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
	if n != 0 {
		t.Error("somebody is in an empty queue")
	}
}

func TestBackend(t *testing.T) {
	if runtime.GOOS == "linux" && park.Backend() != "kernel (futex)" && park.Backend() != "scheduler" {
		t.Errorf("Backend() = %q", park.Backend())
	}
	t.Logf("pinned threads sleep in the %s", park.Backend())
}

// TestWakeInVainSettles wakes a word without sleepers. After that, the bucket expects none.
func TestWakeInVainSettles(t *testing.T) {
	for name, wake := range map[string]func(addr *atomic.Uint32) int{
		"Wake": func(addr *atomic.Uint32) int {
			if park.Wake(addr) {
				return 1
			}
			return 0
		},
		"WakeAll": park.WakeAll,
	} {
		var word atomic.Uint32
		done := make(chan struct{})
		go func() { park.Wait(&word, 0); close(done) }()
		eventually(t, name+": a sleeper", func() bool { return park.Waiting(&word) == 1 })
		if n := wake(&word); n != 1 {
			t.Errorf("%s has woken %d, want 1", name, n)
		}
		<-done
		if n := wake(&word); n != 0 {
			t.Errorf("%s has woken %d of nobody", name, n)
		}
		if park.Expected(&word) {
			t.Errorf("after a %s in vain its bucket still expects sleepers", name)
		}
	}
}
