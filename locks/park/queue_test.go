// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/spin"
)

// FuzzQueues runs a list of operations on the queues of a few words, some of which share
// a bucket, and compares with slices.
func FuzzQueues(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
	f.Add([]byte("a long queue and a short one, pushed and popped and moved about"))
	all := make([]byte, 512)
	for i := range all {
		all[i] = byte(i * 37)
	}
	f.Add(all)
	f.Add(slices.Repeat([]byte{2, 2, 3}, 40)) // PushFront and PushBefore
	f.Cleanup(WhileLent(1, func() {}))
	words := append(SameBucket(6), new(atomic.Uint32), new(atomic.Uint32))
	f.Fuzz(func(t *testing.T, ops []byte) {
		model := make([][]*Waiter, len(words))
		check := func(i int) {
			t.Helper()
			var got []*Waiter
			var last *Waiter
			for w := *bucketOf(words[i]).find(words[i]); w != nil; w = w.next {
				if w.prev != last {
					t.Fatalf("word %d: waiter %d has a wrong link to the one before", i, len(got))
				}
				got, last = append(got, w), w
			}
			if !slices.Equal(got, model[i]) {
				t.Fatalf("word %d has %d waiters, want %d, or in another order", i, len(got), len(model[i]))
			}
		}
		for n, op := range ops {
			i, j := int(op>>3)%len(words), n%len(words)
			q, to := lockQueues(words[i], words[j])
			switch op & 7 {
			case 0, 1:
				w := NewWaiter(Condition, Limit{}).Entering()
				q.Push(w)
				model[i] = append(model[i], w)
			case 2:
				w := NewWaiter(Condition, Limit{}).Entering()
				w.SetTag(uint64(n % 5))
				at := 0
				if n%2 == 0 {
					q.PushFront(w)
				} else {
					later := func(other *Waiter) bool { return other.Tag() > w.Tag() }
					for at = len(model[i]); at > 0 && later(model[i][at-1]); at-- {
					}
					q.PushBefore(w, later)
				}
				model[i] = slices.Insert(model[i], at, w)
			case 3:
				w := q.Pop()
				if len(model[i]) == 0 {
					if w != nil {
						t.Fatal("Pop found a waiter in an empty queue")
					}
				} else {
					if w != model[i][0] {
						t.Fatal("Pop did not find the first waiter")
					}
					model[i] = model[i][1:]
					w.Drop()
				}
			case 4:
				if k := len(model[i]); k > 0 {
					w := model[i][n%k]
					if n%3 == 0 {
						if i != j && to.Remove(w) {
							t.Fatal("Remove has taken a waiter out of another queue")
						}
						if !q.Remove(w) || q.Remove(w) {
							t.Fatal("Remove has not taken a waiter out, or twice")
						}
						w.Drop()
					} else {
						q.remove(w)
						w.Free()
					}
					model[i] = slices.Delete(slices.Clone(model[i]), n%k, n%k+1)
				}
			case 5, 6:
				moved := q.MoveTo(to, n%4)
				if i != j {
					if want := min(n%4, len(model[i])); moved != want {
						t.Fatalf("MoveTo moved %d, want %d", moved, want)
					}
					model[j] = append(slices.Clone(model[j]), model[i][:moved]...)
					model[i] = model[i][moved:]
				}
			case 7:
				ws := q.popUpTo(n % 3)
				k := min(n%3, len(model[i]))
				if ws.Len() != k {
					t.Fatalf("popUpTo took %d, want %d", ws.Len(), k)
				}
				for w := range k {
					if ws.first != model[i][w] {
						t.Fatal("popUpTo took another waiter")
					}
					next := ws.first.next
					ws.first.Drop()
					ws.first = next
				}
				model[i] = model[i][k:]
			}
			unlockQueues(q, to)
			Check()
			check(i)
			check(j)
		}
		for i := range words {
			q := lockQueue(words[i])
			ws := q.PopAll()
			q.unlock()
			if ws.Len() != len(model[i]) {
				t.Fatalf("PopAll took %d, want %d", ws.Len(), len(model[i]))
			}
			for w := ws.first; w != nil; {
				next := w.next
				w.Drop()
				w = next
			}
		}
		if Counted() != 0 {
			t.Fatalf("%d waiters are counted in empty queues", Counted())
		}
	})
}

// TestHandOffDue turns the clocks of waiters back instead of waiting.
func TestHandOffDue(t *testing.T) {
	const after = 1e9
	var word atomic.Uint32
	q := lockQueue(&word)
	defer q.unlock()
	w := NewWaiter(Exclusion, Limit{})
	w.since = mono.Now()
	if q.HandOffDue(w, after) {
		t.Error("due for a waiter that has just come")
	}
	if w.since--; !q.HandOffDue(w, 0) {
		t.Error("not due after no time at all")
	}
	w.since += after
	if !q.HandOffDue(w, after) {
		t.Error("not due for a waiter that came later than now, by another clock")
	}
	w.since -= after
	w.since -= after / 2
	if q.HandOffDue(w, after) {
		t.Error("due for a waiter that has waited for half as long as it may")
	}
	w.since -= 3 * after / 2
	if !q.HandOffDue(w, after) {
		t.Error("not due for a lone waiter that has waited for 2 s")
	}
	before := mono.Now()
	other := NewWaiter(Exclusion, Limit{}).Entering()
	q.Push(other)
	if other.since < before {
		t.Error("a waiter for a lock has not noted when it came")
	}
	if !q.HandOffDue(w, after) {
		t.Error("not due for the first waiter of a queue that waits for 2 s")
	}
	if q.HandOffDue(w, after) {
		t.Error("due twice at once")
	}
	other.lastHandOff -= after / 20 / 2
	w.since = mono.Now() - after*11/10
	if q.HandOffDue(w, after) {
		t.Error("due after half of an interval")
	}
	w.since = mono.Now() - 3*after
	if !q.HandOffDue(w, after) {
		t.Error("not due after half of an interval, for a waiter that has waited three times as long as it may")
	}
	q.PushFront(w.Entering())
	q.Pop()
	first := NewWaiter(Exclusion, Limit{}).Entering()
	q.PushFront(first)
	q.popUpTo(1)
	first.Drop()
	third := NewWaiter(Exclusion, Limit{})
	third.since = mono.Now() - 2*after
	if q.HandOffDue(third, after) {
		t.Error("due twice at once, after the head has changed")
	}
	other.lastHandOff -= 2 * after
	if !q.HandOffDue(third, after) {
		t.Error("not due though the last one is 2 s ago")
	}
	q.Pop()
	for _, w := range []*Waiter{w, other, third} {
		w.Drop()
	}
}

// TestHandOffDueExactly asks at exact times, which only the clock of a bubble has. It stands still meanwhile.
func TestHandOffDueExactly(t *testing.T) {
	const after = 20_000 // so a hand-off follows another one after more than 1000 ns, or less down to 100
	const none = -1000   // no other waiter
	synctest.Test(t, func(t *testing.T) {
		now := mono.Now()
		for _, tt := range []struct {
			waited, since int64 // since the last hand-off
			pushes        uint32
			want          bool
		}{
			{after, none, 1, false},
			{after + 1, none, 1, true},
			{-1, none, 1, true},
			{0, none, 1, false},
			{after + 1, 1000, 1, false},
			{after + 1, 1001, 1, true},
			{after + 1, -1, 1, true},
			{2*after - 1, 1000, 1, false},
			{2*after - 1, 1001, 1, true},
			{2 * after, 500, 1, false},
			{2 * after, 501, 1, true},
			{3 * after, 333, 1, false},
			{3 * after, 334, 1, true},
			{10*after - 1, 111, 1, false},
			{10*after - 1, 112, 1, true},
			{10 * after, 101, 1, true},
			{100 * after, 101, 1, true},
			{-1, 1000, 1, false},
			{-1, 1001, 1, true},
			{-20 * after, 1000, 1, false},
			{0, 0, 255, false},
			{0, 0, 256, true},
			{after + 1, 1000, 255, false},
			{after + 1, 1000, 256, true},
		} {
			var word atomic.Uint32
			WithQueue(&word, func(q Queue) {
				w := NewWaiter(Condition, Limit{})
				defer w.Free()
				var head *Waiter
				last := int64(0)
				if tt.since != none {
					head = NewWaiter(Condition, Limit{})
					q.Push(head.Entering())
					last = now - tt.since
					head.lastHandOff = last
				}
				w.since, w.pushes = now-tt.waited, tt.pushes
				if due := q.HandOffDue(w, after); due != tt.want {
					t.Errorf("due = %t, want %t: %+v", due, tt.want, tt)
				}
				if head == nil {
					return
				}
				if tt.want {
					last = now
				}
				if head.lastHandOff != last {
					t.Errorf("the last hand-off was %d ns ago, want %d: %+v", now-head.lastHandOff, now-last, tt)
				}
				q.Pop().Drop()
			})
		}
		WithQueue(new(atomic.Uint32), func(q Queue) {
			w := NewWaiter(Condition, Limit{})
			defer w.Free()
			if w.since = now; q.HandOffDue(w, 0) {
				t.Error("due in no time at all")
			}
			if w.since--; !q.HandOffDue(w, 0) {
				t.Error("not due after more than no time")
			}
		})
	})
}

// TestHandOffDueOnCrowdedProcessor asks for a waiter that is very late right after a hand-off. It is due if
// other goroutines wait for the processor.
func TestHandOffDueOnCrowdedProcessor(t *testing.T) {
	const after = 1e9
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	crowded := spin.Crowded() // always with one processor, if the build can tell
	var word atomic.Uint32
	w := NewWaiter(Exclusion, Limit{})
	synctest.Test(t, func(t *testing.T) { // where time stands still
		WithQueue(&word, func(q Queue) {
			q.Push(w.Entering())
			for _, tt := range []struct {
				waited int64
				want   bool
			}{{10*after - 1, false}, {10 * after, crowded}, {11 * after, crowded}} {
				w.since, w.lastHandOff = mono.Now()-tt.waited, mono.Now()
				if due := q.HandOffDue(w, after); due != tt.want {
					t.Errorf("due = %t for a waiter of %v, want %t", due, time.Duration(tt.waited), tt.want)
				}
			}
			q.Pop()
		})
	})
	w.Drop()
}

// TestHandOffDueSeldom asks for a waiter that has waited for very long. There is an interval nevertheless, unless the
// processor is crowded, as it is if no other one runs a goroutine.
func TestHandOffDueSeldom(t *testing.T) {
	const after = 1e9
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	procs.Refresh()
	if !spin.Worthwhile() {
		t.Skip("one processor")
	}
	var stop atomic.Bool
	busy := locktest.Goroutines.Go(func() {
		for !stop.Load() {
		}
	})
	defer busy()
	defer stop.Store(true)
	var word atomic.Uint32
	w := NewWaiter(Exclusion, Limit{})
	WithQueue(&word, func(q Queue) { q.Push(w.Entering()) })
	locktest.Eventually(t, "not due in the shortest interval", func() (due bool) {
		synctest.Test(t, func(*testing.T) { // where time stands still
			WithQueue(&word, func(q Queue) {
				now := mono.Now()
				w.since, w.lastHandOff = now-1000*after, now-after/200
				due = q.HandOffDue(w, after)
			})
		})
		return !due
	})
	WithQueue(&word, func(q Queue) { q.Pop() })
	w.Drop()
}

// TestMoveWoken moves a waiter with a limit. After MoveWoken the limit does not end the wait, and after MoveTo
// it does.
func TestMoveWoken(t *testing.T) {
	for _, woken := range []bool{false, true} {
		var from, to atomic.Uint32
		w := NewWaiter(Condition, For(0)).Entering()
		w.enqueuer = Always{}
		before := mono.Now()
		WithQueues(&from, &to, func(q, to Queue) {
			q.Push(w)
			if woken {
				q.MoveWoken(to, 1)
			} else {
				q.MoveTo(to, 1)
			}
		})
		if w.since < before {
			t.Errorf("moved as woken: %v; the time of waiting does not count from then", woken)
		}
		if _, gaveUp := w.giveUp(); gaveUp == woken {
			t.Errorf("moved as woken: %v; the limit ends the wait: %v", woken, gaveUp)
		}
		WithQueue(&to, func(q Queue) { q.Pop() })
		w.Drop()
	}
}

// TestPushes pushes a waiter very often. From the 256th time on a hand-off is due, without a look at the clock.
func TestPushes(t *testing.T) {
	w := NewWaiter(Exclusion, Limit{})
	if w.Pushed() {
		t.Error("a new Waiter was pushed")
	}
	WithQueue(new(atomic.Uint32), func(q Queue) {
		for n := 1; n <= 256; n++ {
			q.Push(w.Entering())
			q.Pop()
			if due := q.HandOffDue(w, math.MaxInt64); !w.Pushed() || due != (n == 256) {
				t.Errorf("after %d times pushed is %t and due is %t", n, w.Pushed(), due)
			}
		}
	})
	w.Drop()
}

// TestAll looks at the waiters of a queue, which stay there.
func TestAll(t *testing.T) {
	var word atomic.Uint32
	WithQueue(&word, func(q Queue) {
		if !q.Empty() {
			t.Error("a queue without waiters is not empty")
		}
		ws := []*Waiter{NewWaiter(Condition, Limit{}).Entering(), NewWaiter(Condition, Limit{}).Entering()}
		for _, w := range ws {
			q.Push(w)
		}
		for range 2 {
			for w := range q.All() {
				if w != ws[0] {
					t.Error("the first waiter is not the one that came first")
				}
				break
			}
			if got := slices.Collect(q.All()); q.Empty() || !slices.Equal(got, ws) {
				t.Errorf("All returns %d waiters, want 2, or in another order; empty: %t", len(got), q.Empty())
			}
		}
		for range ws {
			q.Pop().Drop()
		}
	})
}

// TestLentSleepers takes waiters that called Wait out of a queue, or moves them, and lends the queue meanwhile. The
// counts of the bucket do not change before it is locked again.
func TestLentSleepers(t *testing.T) {
	words := SameBucket(2)
	b, class := bucketOf(words[0]), classOf(words[0])
	for name, take := range map[string]func(q, to Queue) Waiters{
		"popUpTo": func(q, _ Queue) Waiters { return q.popUpTo(2) },
		"MoveTo":  func(q, to Queue) Waiters { q.MoveTo(to, 2); return to.PopAll() },
	} {
		WithQueue(words[0], func(q Queue) {
			for range 2 {
				compare{}.Enqueue(q, NewWaiter(Condition, Limit{}).Entering())
			}
		})
		checked := make(chan struct{})
		looks := 0
		undo := WhileLent(1, func() {
			if looks++; looks > 1 {
				return
			}
			b.lock()
			go func() {
				defer close(checked)
				defer b.unlock()
				locktest.Eventually(t, name+": the bucket is wanted back", func() bool {
					return Goroutines("sync.Mutex.Lock", "reclaim") == 1
				})
				if n := b.sleepers[class]; n != 2 {
					t.Errorf("%s: %d sleepers are counted while another goroutine has the bucket, want 2", name, n)
				}
			}()
		})
		var ws Waiters
		WithQueues(words[0], words[1], func(q, to Queue) { ws = take(q, to) })
		<-checked
		undo()
		for w := ws.first; w != nil; {
			next := w.next
			w.Drop()
			w = next
		}
		if Counted() != 0 {
			t.Errorf("%s: %d sleepers are left", name, Counted())
		}
	}
}

// BenchmarkQueue takes the first waiter out and pushes it again. The time must not depend on how many
// waiters there are, on this word and on another word of the bucket.
func BenchmarkQueue(b *testing.B) {
	for _, n := range []int{1, 100_000} {
		b.Run(fmt.Sprintf("waiters=%d", n), func(b *testing.B) {
			words := SameBucket(2)
			for _, word := range words {
				q := lockQueue(word)
				for range n {
					q.Push(NewWaiter(Condition, Limit{}).Entering())
				}
				q.unlock()
			}
			for b.Loop() {
				q := lockQueue(words[0])
				w := q.Pop()
				q.unlock()
				q = lockQueue(words[0])
				q.Push(w.Entering())
				q.unlock()
			}
			for _, word := range words {
				q := lockQueue(word)
				q.PopAll()
				q.unlock()
			}
		})
	}
}

// TestSleepAtOnce checks that SleepAtOnce is for one sleep.
func TestSleepAtOnce(t *testing.T) {
	var word atomic.Uint32
	w := NewWaiter(Exclusion, Limit{})
	defer w.Free()
	for _, atOnce := range []bool{false, true, false} {
		e := &onceQueue{atOnce: atOnce}
		w.Sleep(&word, e, nil) // Enqueue has not pushed it
		if w.atOnce != atOnce {
			t.Errorf("the sleep begins at once: %t, want %t", w.atOnce, atOnce)
		}
	}
}

type onceQueue struct{ atOnce bool }

func (e *onceQueue) Enqueue(_ Queue, w *Waiter) (token uint32) {
	if e.atOnce {
		w.SleepAtOnce()
	}
	return 0
}

func (e *onceQueue) GiveUp(Queue, *Waiter) {}
