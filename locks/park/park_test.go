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
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
)

var pinned = locktest.Pinned(thread.Spawn)

// forEachStart runs a test with waiters that are goroutines, and with waiters that are pinned threads.
func forEachStart(t *testing.T, f func(t *testing.T, start func(func()))) {
	for _, s := range []locktest.Start{locktest.Goroutines, pinned} {
		t.Run(s.Name, func(t *testing.T) { f(t, func(f func()) { s.Go(f) }) })
	}
}

// waiting waits until n waiters are in the queue on addr.
func waiting(t *testing.T, addr *atomic.Uint32, n int) {
	t.Helper()
	locktest.Eventually(t, fmt.Sprintf("%d waiters", n), func() bool { return park.Waiting(addr) == n })
}

// atEnd checks at the end of the test that no waiter is left behind, and that the buckets are in order.
func atEnd(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		park.Check()
		locktest.Eventually(t, "all waiters gone", func() bool { return park.Counted() == 0 })
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
					t.Error("a waiter was woken where there is none")
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
					t.Error("Wake does not find the waiter")
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
		start := locktest.Goroutines
		if i%2 == 1 {
			start = pinned
		}
		start.Go(func() {
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
		locktest.Eventually(t, "the next one ran", func() bool { mu.Lock(); defer mu.Unlock(); return len(got) == i+1 })
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
		neighbour := make(chan struct{})
		start(func() { park.Wait(words[1], 0); close(neighbour) })
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
		<-neighbour
	})
}

// TestWakesInOrder wakes several goroutines at once on one processor. They run in the order in which they arrived,
// unless the test is preempted meanwhile.
func TestWakesInOrder(t *testing.T) {
	atEnd(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for name, wait := range map[string]func(addr *atomic.Uint32){
		"Wait":    func(addr *atomic.Uint32) { park.Wait(addr, 0) },
		"WaitFor": func(addr *atomic.Uint32) { park.WaitFor(addr, 0, time.Hour) },
	} {
		for _, n := range []int{2, 5} {
			locktest.Eventually(t, name+": they run in order", func() bool {
				var word atomic.Uint32
				var mu sync.Mutex
				var order []int
				var done sync.WaitGroup
				for i := range n {
					done.Go(func() {
						wait(&word)
						mu.Lock()
						defer mu.Unlock()
						order = append(order, i)
					})
					waiting(t, &word, i+1)
				}
				runtime.Gosched() // all are asleep, not only in the queue
				park.WakeAll(&word)
				done.Wait()
				return slices.IsSorted(order)
			})
		}
	}
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
			if err := <-run(ctx, new(atomic.Uint32)); !errors.Is(err, cause) {
				t.Errorf("WaitContext = %v, want the cause", err)
			}
			if err := park.WaitContext(ctx, new(atomic.Uint32), 1); !errors.Is(err, cause) {
				t.Errorf("WaitContext = %v where the word differs, want the cause", err)
			}
		})
		t.Run("ends while asleep", func(t *testing.T) {
			var word atomic.Uint32
			ctx, cancel := context.WithCancelCause(t.Context())
			result := run(ctx, &word)
			waiting(t, &word, 1)
			cancel(cause)
			if err := <-result; !errors.Is(err, cause) {
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
			if err := <-result; !errors.Is(err, context.Canceled) {
				t.Errorf("WaitContext = %v, want Canceled", err)
			}
			if err := <-run(ctx, &word); !errors.Is(err, context.Canceled) {
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
		locktest.Panics(t, "a nil context", "park: nil context", func() {
			park.WaitContext(nil, new(atomic.Uint32), 0) //lint:ignore SA1012 the panic is what is tested
		})
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
				locktest.Eventually(t, "as many are awake", func() bool { mu.Lock(); defer mu.Unlock(); return len(got) == n })
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
		if err := <-result; !errors.Is(err, context.Canceled) {
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
		"Wait, no sleep": func() {
			for range 3000 { // more than the pool may have
				park.Wait(&word, 1)
			}
		},
		"WaitFor, no sleep":  func() { park.WaitFor(&word, 1, time.Hour) },
		"Wake, no waiter":    func() { park.Wake(&word) },
		"WakeAll, no waiter": func() { park.WakeAll(&word) },
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
		t.Error("an empty queue has a waiter")
	}
}

// TestWakeInVainSettles wakes a word without sleepers. After that, no sleeper is announced for it.
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
		locktest.Eventually(t, name+": a sleeper", func() bool { return park.Waiting(&word) == 1 })
		if n := wake(&word); n != 1 {
			t.Errorf("%s has woken %d, want 1", name, n)
		}
		<-done
		if n := wake(&word); n != 0 {
			t.Errorf("%s has woken %d where no waiter is", name, n)
		}
		if park.Announced(&word) {
			t.Errorf("after a %s in vain a sleeper is still announced", name)
		}
	}
}

// TestNoLock calls, while the queue of a word is locked, what needs no lock: a wake where no sleeper is announced, and a
// wait that only compares.
func TestNoLock(t *testing.T) {
	var word atomic.Uint32
	park.Wake(&word) // withdraws an announcement
	for name, f := range map[string]func(){
		"Wake":                  func() { park.Wake(&word) },
		"WakeAll":               func() { park.WakeAll(&word) },
		"WaitFor no time":       func() { park.WaitFor(&word, 0, 0) },
		"WaitFor negative time": func() { park.WaitFor(&word, 0, -1) },
		"Wait, the word differs": func() {
			park.Wait(&word, 1)
			park.WaitLimit(&word, 1, park.Exclusion, park.For(time.Hour))
		},
	} {
		q := park.LockQueue(&word)
		done := make(chan struct{})
		go func() { f(); close(done) }()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			t.Errorf("%s waits for a lock", name)
		}
		q.Unlock()
		<-done
	}
}

// TestAnnouncedBeforeComparing changes the word of a Wait before its last comparison. By then the Wait
// has announced its sleeper, whatever it finds: a waker whose store the comparison does not see looks for
// announcements after that.
func TestAnnouncedBeforeComparing(t *testing.T) {
	atEnd(t)
	locktest.Eventually(t, "a Wait announces its sleeper before it compares", func() bool {
		var word atomic.Uint32
		park.Wake(&word) // withdraws an announcement
		if park.Announced(&word) {
			t.Fatal("a sleeper is announced after a Wake in vain")
		}
		q := park.LockQueue(&word)
		started, returned := make(chan struct{}), make(chan struct{})
		go func() { close(started); park.Wait(&word, 0); close(returned) }()
		<-started
		for range 100 {
			runtime.Gosched() // Wait compares for the first time, and waits for the queue
		}
		word.Store(1)
		q.Unlock()
		<-returned
		return park.Announced(&word) // if not, Wait was late: try again
	})
}

// TestWakeForANeighbour wakes a word in vain while a waiter sleeps on another word of the same bucket,
// which stays announced. If that word is of another class, no sleeper is announced for the first word any
// longer, and the next Wake is short.
func TestWakeForANeighbour(t *testing.T) {
	words := park.SameBucket(64)
	for name, is := range map[string]func(class, neighbour uint64) bool{
		"same class":     func(class, neighbour uint64) bool { return class == neighbour },
		"a higher class": func(class, neighbour uint64) bool { return class > neighbour },
		"a lower class":  func(class, neighbour uint64) bool { return class < neighbour },
	} {
		t.Run(name, func(t *testing.T) {
			atEnd(t)
			var word, neighbour *atomic.Uint32
			for i, a := range words {
				for _, b := range words[:i] {
					if is(park.Class(a), park.Class(b)) {
						word, neighbour = a, b
					}
				}
			}
			if word == nil {
				t.Fatal("no such words in a bucket") // TestSpread says that there are some
			}
			sameClass := park.Class(word) == park.Class(neighbour)
			asleep := make(chan struct{})
			go func() { park.Wait(neighbour, 0); close(asleep) }()
			waiting(t, neighbour, 1)
			awake := make(chan struct{})
			go func() { park.Wait(word, 0); close(awake) }()
			waiting(t, word, 1)
			if !park.Wake(word) {
				t.Fatal("Wake does not find the sleeper")
			}
			<-awake
			if park.Wake(word) || park.WakeAll(word) != 0 {
				t.Error("a waiter was woken on a word without waiters")
			}
			if park.Announced(word) != sameClass {
				t.Errorf("a sleeper is announced after a Wake in vain: %t", !sameClass)
			}
			park.Check()
			if !park.Wake(neighbour) {
				t.Fatal("Wake does not find the sleeper")
			}
			<-asleep
			if park.WakeAll(neighbour) != 0 || park.Announced(neighbour) {
				t.Error("a sleeper is announced after a WakeAll in vain")
			}
		})
	}
}

// TestAnnouncedWhereMoved moves a sleeper to a word for which none is announced.
func TestAnnouncedWhereMoved(t *testing.T) {
	atEnd(t)
	var from, to atomic.Uint32
	park.Wake(&to) // withdraws an announcement
	asleep := make(chan struct{})
	go func() { park.Wait(&from, 0); close(asleep) }()
	waiting(t, &from, 1)
	park.Requeue(&from, 0, 0, &to, 1)
	park.Check()
	if !park.Wake(&to) {
		t.Fatal("Wake does not find the sleeper")
	}
	<-asleep
}
