// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/park"
)

// ofWords returns the arguments of WaitAny for words that are 0.
func ofWords(words ...*atomic.Uint32) (of []park.Word) {
	for _, w := range words {
		of = append(of, park.Word{Addr: w})
	}
	return of
}

// An anyResult is what WaitAny or SleepAny has returned.
type anyResult struct {
	index int
	token uint32
	err   error
}

func inGoroutine(f func()) { go f() }

// sleepAny starts a SleepAny on the words, and waits until it sleeps.
func sleepAny(t *testing.T, start func(func()), limit park.Limit, words ...*atomic.Uint32) <-chan anyResult {
	t.Helper()
	before, result := park.Waiting(words[len(words)-1]), make(chan anyResult, 1)
	start(func() {
		var cases []park.Case
		for _, w := range words {
			cases = append(cases, park.Case{Addr: w, Enqueuer: park.Always{}})
		}
		i, token, err := park.SleepAny(limit, cases)
		result <- anyResult{i, token, err}
	})
	waiting(t, words[len(words)-1], before+1)
	return result
}

func TestWaitAny(t *testing.T) {
	atEnd(t)
	words := append(park.SameBucket(2), new(atomic.Uint32), new(atomic.Uint32))
	for name, limit := range map[string]park.Limit{"no limit": {}, "an hour": park.For(time.Hour), "a context": park.Context(t.Context())} {
		t.Run(name, func(t *testing.T) {
			forEachStart(t, func(t *testing.T, start func(func())) {
				for i, word := range words {
					result := make(chan anyResult)
					start(func() {
						index, err := park.WaitAny(limit, ofWords(words...)...)
						result <- anyResult{index, 0, err}
					})
					waiting(t, words[len(words)-1], 1)
					if !park.Wake(word) {
						t.Errorf("Wake of word %d has found nobody", i)
					}
					if got := <-result; got.index != i || got.err != nil {
						t.Errorf("after a Wake of word %d: WaitAny = %d, %v", i, got.index, got.err)
					}
					for j, word := range words {
						if n := park.Waiting(word); n != 0 || park.Wake(word) {
							t.Errorf("after a Wake of word %d: %d waiters are left on word %d", i, n, j)
						}
					}
				}
			})
		})
	}
}

func TestWaitAnyChanged(t *testing.T) {
	words := make([]atomic.Uint32, 3)
	of := ofWords(&words[0], &words[1], &words[2])
	words[1].Store(5)
	words[2].Store(7)
	if i, err := park.WaitAny(park.For(0), of...); i != 1 || err != nil {
		t.Errorf("WaitAny = %d, %v, want the first that has changed", i, err)
	}
	of[1].Old = 5
	if i, err := park.WaitAny(park.Limit{}, of...); i != 2 || err != nil {
		t.Errorf("WaitAny = %d, %v, want the one that has changed", i, err)
	}
}

func TestWaitAnyLimits(t *testing.T) {
	atEnd(t)
	reason := errors.New("reason")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(reason)
	var a, b atomic.Uint32
	forEachStart(t, func(t *testing.T, start func(func())) {
		done := make(chan struct{})
		start(func() {
			defer close(done)
			for _, words := range [][]park.Word{nil, ofWords(&a), ofWords(&a, &b), ofWords(&a, &a)} {
				if i, err := park.WaitAny(park.For(time.Millisecond), words...); i != -1 || !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("WaitAny of %d words = %d, %v, want a time-out", len(words), i, err)
				}
				if i, err := park.WaitAny(park.Context(ctx), words...); i != -1 || !errors.Is(err, reason) {
					t.Errorf("WaitAny of %d words = %d, %v, want the cause of the context", len(words), i, err)
				}
			}
			if n := park.Waiting(&a) + park.Waiting(&b); n != 0 {
				t.Errorf("%d waiters are left", n)
			}
		})
		<-done
	})
}

// TestWaitAnyLastLook lets the limit come before the wake of a word that has changed.
func TestWaitAnyLastLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a, b atomic.Uint32
		time.AfterFunc(time.Minute, func() { b.Store(1) })
		if i, err := park.WaitAny(park.For(time.Hour), ofWords(&a, &b)...); i != 1 || err != nil {
			t.Errorf("WaitAny = %d, %v, though a word has changed", i, err)
		}
	})
}

// TestWaitAnyInABubble shows that the wait is durable.
func TestWaitAnyInABubble(t *testing.T) {
	for range 3 { // the waiters come from a pool
		synctest.Test(t, func(t *testing.T) {
			var a, b atomic.Uint32
			begin := time.Now()
			if i, err := park.WaitAny(park.For(time.Hour), ofWords(&a, &b)...); i != -1 || err == nil || time.Since(begin) != time.Hour {
				t.Errorf("WaitAny = %d, %v after %v", i, err, time.Since(begin))
			}
			time.AfterFunc(time.Second, func() { park.Wake(&b) })
			if i, _ := park.WaitAny(park.Limit{}, ofWords(&a, &b)...); i != 1 {
				t.Errorf("WaitAny = %d", i)
			}
		})
	}
}

// TestLostMember takes a goroutine that waits in two queues out of the first, and does not wake it yet. All of a Queue's
// methods pass over it in the second.
func TestLostMember(t *testing.T) {
	atEnd(t)
	forEachStart(t, func(t *testing.T, start func(func())) {
		for _, alone := range []bool{true, false} {
			for name, look := range map[string]func(q park.Queue) (found *park.Waiter){
				"Front": park.Queue.Front,
				"Pop":   park.Queue.Pop,
				"Empty": func(q park.Queue) *park.Waiter {
					if q.Empty() {
						return nil
					}
					return q.Front()
				},
				"All": func(q park.Queue) (found *park.Waiter) {
					n := 0
					for w := range q.All() {
						found = w
						n++
					}
					if n > 1 {
						t.Error("All returns who has lost")
					}
					return found
				},
				"PopAll": func(q park.Queue) *park.Waiter {
					all := q.PopAll()
					if all.Len() > 1 {
						t.Error("PopAll takes who has lost")
					}
					return all.First()
				},
			} {
				a, b := new(atomic.Uint32), new(atomic.Uint32)
				result := sleepAny(t, start, park.For(time.Hour), a, b)
				var other *park.Waiter
				if !alone {
					other = push(b)
				}
				member := pop(a) // it is not woken: nothing happens by itself
				var found *park.Waiter
				park.WithQueue(b, func(q park.Queue) { found = look(q) })
				if found != other {
					t.Errorf("%s, alone %t: found %p, want %p", name, alone, found, other)
				}
				if other != nil {
					if name != "Pop" && name != "PopAll" {
						pop(b)
					}
					other.Drop()
				}
				park.CheckAt(b)
				member.Wake(9)
				if got := <-result; got != (anyResult{0, 9, nil}) {
					t.Errorf("%s: SleepAny = %v", name, got)
				}
			}
		}
	})
}

// TestRemoveMember removes a goroutine that waits in two queues, and then from the other queue.
func TestRemoveMember(t *testing.T) {
	atEnd(t)
	a, b := new(atomic.Uint32), new(atomic.Uint32)
	result := sleepAny(t, inGoroutine, park.Limit{}, a, b)
	var inA, inB *park.Waiter
	park.WithQueues(a, b, func(qa, qb park.Queue) {
		inA, inB = qa.Front(), qb.Front()
		if !qb.Remove(inB) {
			t.Error("Remove has failed")
		}
		if qa.Remove(inA) || !qa.Empty() || qb.Remove(inB) {
			t.Error("Remove has taken a waiter twice")
		}
	})
	inB.Wake(4)
	if got := <-result; got != (anyResult{1, 4, nil}) {
		t.Errorf("SleepAny = %v", got)
	}
}

// TestMoveMembers moves goroutines that wait in several queues, those that have lost, and others.
func TestMoveMembers(t *testing.T) {
	atEnd(t)
	for _, woken := range []bool{false, true} {
		move := park.Queue.MoveTo
		if woken {
			move = park.Queue.MoveWoken
		}
		a, b, c := new(atomic.Uint32), new(atomic.Uint32), new(atomic.Uint32)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		first := push(b)
		lost := sleepAny(t, inGoroutine, park.Limit{}, a, b)
		living := sleepAny(t, inGoroutine, park.Context(ctx), a, b)
		last := push(b)
		loser := pop(a)
		park.WithQueues(b, c, func(q, to park.Queue) {
			if moved := move(q, to, 3); moved != 3 || !q.Empty() {
				t.Errorf("moved %d", moved)
			}
		})
		park.Check()
		loser.Wake(1)
		if got := <-lost; got != (anyResult{0, 1, nil}) {
			t.Errorf("SleepAny = %v", got)
		}
		if woken { // neither the other queue nor the limit can have it any longer
			var w *park.Waiter
			park.WithQueue(a, func(q park.Queue) { w = q.Pop() })
			if w != nil {
				t.Error("a waiter that counts as woken was taken by another lock")
			}
		}
		cancel()
		if !woken {
			if got := <-living; got.index != -1 || !errors.Is(got.err, context.Canceled) {
				t.Errorf("SleepAny = %v, want the error of the context", got)
			}
		}
		if w := pop(c); w != first {
			t.Error("the first that was moved is not the first")
		}
		if woken {
			pop(c).Wake(2)
			if got := <-living; got != (anyResult{1, 2, nil}) {
				t.Errorf("SleepAny = %v, want to be woken", got)
			}
		}
		if w := pop(c); w != last {
			t.Error("the last that was moved is not the last")
		}
		first.Drop()
		last.Drop()
	}
}

// TestSleepAnyAtOnce has an Enqueue that decides not to wait.
func TestSleepAnyAtOnce(t *testing.T) {
	atEnd(t)
	var words [3]atomic.Uint32
	entered, gaveUp := 0, 0
	wait := enqueuer{func(q park.Queue, w *park.Waiter) uint32 {
		if w.Tag() != uint64(entered) {
			t.Errorf("the tag of case %d is %d", entered, w.Tag())
		}
		entered++
		q.Push(w)
		return 1
	}, func(park.Queue, *park.Waiter) { gaveUp++ }}
	go1 := enqueuer{func(park.Queue, *park.Waiter) uint32 { return 17 }, nil}
	for _, limit := range []park.Limit{{}, park.For(0), park.For(time.Hour)} {
		entered, gaveUp = 0, 0
		i, token, err := park.SleepAny(limit, []park.Case{{&words[0], wait, 0, 0}, {&words[1], go1, 1, 0}, {&words[2], wait, 2, 0}})
		if i != 1 || token != 17 || err != nil || entered != 1 || gaveUp != 1 {
			t.Errorf("SleepAny = %d, %d, %v; %d have entered, and %d given up", i, token, err, entered, gaveUp)
		}
	}
}

// An enqueuer is an Enqueuer of two functions.
type enqueuer struct {
	enqueue func(q park.Queue, w *park.Waiter) uint32
	giveUp  func(q park.Queue, w *park.Waiter)
}

func (e enqueuer) Enqueue(q park.Queue, w *park.Waiter) uint32 { return e.enqueue(q, w) }
func (e enqueuer) GiveUp(q park.Queue, w *park.Waiter)         { e.giveUp(q, w) }

// TestSleepAnyPanics lets the Enqueue of the second case panic. The first one gives up, the second does not.
func TestSleepAnyPanics(t *testing.T) {
	atEnd(t)
	words := park.SameBucket(3)
	for _, step := range []panicker{"before Push", "after Push"} {
		forEachStart(t, func(t *testing.T, start func(func())) {
			for _, limit := range []park.Limit{{}, park.For(time.Hour)} {
				done, gaveUp := make(chan struct{}), 0
				first := enqueuer{park.Always{}.Enqueue, func(park.Queue, *park.Waiter) { gaveUp++ }}
				start(func() {
					defer close(done)
					locktest.Panics(t, "SleepAny", step, func() {
						park.SleepAny(limit, []park.Case{{Addr: words[0], Enqueuer: first}, {Addr: words[1], Enqueuer: step}, {Addr: words[2], Enqueuer: first}})
					})
				})
				<-done
				if gaveUp != 1 {
					t.Errorf("%s: %d have given up, want 1", step, gaveUp)
				}
				for _, w := range words {
					if n := park.Waiting(w); n != 0 {
						t.Errorf("%s: %d waiters are left", step, n)
					}
				}
				park.Check()
			}
		})
	}
}

func TestWaitAnyAllocations(t *testing.T) {
	if race.Enabled || testing.CoverMode() != "" {
		t.Skip("the race detector lets a sync.Pool drop what it has; coverage counts allocations of its own")
	}
	words := make([]*atomic.Uint32, 8)
	for i := range words {
		words[i] = new(atomic.Uint32)
	}
	of := ofWords(words...)
	stop, turn := make(chan struct{}), new(atomic.Uint32)
	go func() {
		defer close(stop)
		for i := uint32(0); turn.Load() < 1<<30; i++ {
			if !park.Wake(words[i%8]) {
				runtime.Gosched()
			}
		}
	}()
	if n := allocs.PerRun(t, 1000, func() { park.WaitAny(park.Limit{}, of...) }); n > 0 {
		t.Errorf("WaitAny allocates %v times", n)
	}
	turn.Store(1 << 30)
	<-stop
}

// TestStressSleepAny hands out grants to goroutines and threads that wait for several words, or for one, and give up at
// random. Each grant reaches one.
func TestStressSleepAny(t *testing.T) {
	atEnd(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	words := append(park.SameBucket(3), new(atomic.Uint32), new(atomic.Uint32))
	var received, granted [5]atomic.Int64
	var stop atomic.Bool
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Add(1)
		f := func() {
			defer wg.Done()
			r := rand.New(rand.NewPCG(seed, uint64(i)))
			for !stop.Load() {
				var limit park.Limit
				if r.IntN(2) == 0 {
					limit = park.For(time.Duration(r.IntN(50)) * time.Microsecond)
				}
				which := r.Perm(len(words))[:1+r.IntN(len(words))]
				if r.IntN(4) == 0 {
					which = append(which, which[0])
				}
				var cases []park.Case
				for _, j := range which {
					cases = append(cases, park.Case{Addr: words[j], Enqueuer: park.Always{}, Kind: park.Kind(r.IntN(2))})
				}
				if i, token, err := park.SleepAny(limit, cases); err == nil && token != 99 {
					if uint32(which[i]) != token {
						t.Errorf("a grant of word %d has come to a waiter for word %d", token, which[i])
					}
					received[token].Add(1)
				}
				runtime.Gosched()
			}
		}
		if i%4 == 0 {
			pinned.Go(f)
		} else {
			go f()
		}
	}
	r := rand.New(rand.NewPCG(seed, 100))
	for end := time.Now().Add(stressTime()); time.Now().Before(end); runtime.Gosched() {
		j := r.IntN(len(words))
		var ws park.Waiters
		park.WithQueue(words[j], func(q park.Queue) {
			switch r.IntN(4) {
			case 0:
				ws = q.PopAll()
			case 1:
				var last *park.Waiter
				for w := range q.All() {
					last = w
				}
				if last != nil && q.Remove(last) {
					ws = park.One(last)
				}
			default:
				if w := q.Pop(); w != nil {
					ws = park.One(w)
				}
			}
		})
		granted[j].Add(int64(ws.Wake(uint32(j))))
	}
	stop.Store(true)
	gone := make(chan struct{})
	go func() { wg.Wait(); close(gone) }()
	for over := false; !over; {
		select {
		case <-gone:
			over = true
		default:
			for _, w := range words {
				if w := popIf(w); w != nil {
					w.Wake(99)
				}
			}
			runtime.Gosched()
		}
	}
	for j := range words {
		if g, r := granted[j].Load(), received[j].Load(); g != r {
			t.Errorf("of %d grants of word %d, %d have arrived", g, j, r)
		}
		if n := park.Waiting(words[j]); n != 0 {
			t.Errorf("%d waiters are left on word %d", n, j)
		}
	}
}

func popIf(addr *atomic.Uint32) (w *park.Waiter) {
	park.WithQueue(addr, func(q park.Queue) { w = q.Pop() })
	return w
}

// TestWaitAnyWakes wakes goroutines that wait for words of their own and for a common one.
func TestWaitAnyWakes(t *testing.T) {
	atEnd(t)
	forEachStart(t, func(t *testing.T, start func(func())) {
		const n = 50
		var common atomic.Uint32
		var own [n]atomic.Uint32
		results := make(chan string, n)
		for i := range n {
			start(func() {
				index, err := park.WaitAny(park.Limit{}, ofWords(&own[i], &common)...)
				results <- fmt.Sprint(i%2 == 0, index, err)
			})
		}
		waiting(t, &common, n)
		for i := 0; i < n; i += 2 {
			park.Wake(&own[i])
		}
		if woken := park.WakeAll(&common); woken != n/2 {
			t.Errorf("WakeAll = %d, want %d", woken, n/2)
		}
		for range n {
			if got := <-results; got != "true 0 <nil>" && got != "false 1 <nil>" {
				t.Error("WaitAny, woken by its own word, returns:", got)
			}
		}
	})
}
