// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build race

package park_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/park"
)

// A use is something that a goroutine does with four words, of which the last is of another bucket, and helpers that it
// starts and waits for. What they share is in order, by the package's promises alone where they meet there.
type use struct {
	name string
	do   func(words []*atomic.Uint32)
}

var uses = []use{
	{"Queue", func(words []*atomic.Uint32) {
		w := park.NewWaiter(park.Exclusion, park.Limit{})
		park.WithQueue(words[0], func(q park.Queue) {
			q.Push(w.Entering())
			q.Pop()
		})
		w.Drop()
	}},
	{"two Queues", func(words []*atomic.Uint32) {
		push(words[0])
		park.WithQueues(words[0], words[1], func(q, to park.Queue) { q.MoveTo(to, 1) })
		pop(words[1]).Drop()
	}},
	{"Wake in vain", func(words []*atomic.Uint32) {
		park.Wait(words[0], 1)
		park.Wake(words[0])
		park.WakeAll(words[0])
	}},
	{"Wait", func(words []*atomic.Uint32) {
		helped(func() { park.Wait(words[0], 0) }, func() {
			for !park.Wake(words[0]) {
				runtime.Gosched()
			}
		})
		park.Wake(words[0]) // withdraws the announcement
	}},
	{"Requeue", func(words []*atomic.Uint32) {
		helped(func() { park.Wait(words[0], 0) }, func() {
			for moved := 0; moved == 0; runtime.Gosched() {
				_, moved, _ = park.Requeue(words[0], 0, 0, words[1], 1)
			}
			park.WakeAll(words[1])
		})
		park.WakeAll(words[0])
		park.WakeAll(words[1])
	}},
	{"Condition", sleepUse(func() *park.Waiter { return park.NewWaiter(park.Condition, park.Limit{}) })},
	{"Exclusion", sleepUse(func() *park.Waiter { return park.NewWaiter(park.Exclusion, park.Limit{}) })},
	{"context", sleepUse(func() *park.Waiter {
		ctx, cancel := context.WithCancel(context.Background())
		context.AfterFunc(ctx, func() { cancel() }) // it does not end
		return park.NewWaiter(park.Condition, park.Context(ctx))
	})},
	{"GiveUp", func(words []*atomic.Uint32) {
		ctx, cancel := context.WithCancel(context.Background())
		helped(func() {
			w := park.NewWaiter(park.Condition, park.Context(ctx))
			w.Sleep(words[0], park.Always{}, nil)
			w.Free()
		}, cancel)
	}},
	{"SleepAny that need not sleep", func(words []*atomic.Uint32) {
		for range 30 { // under the detector a pool forgets some
			park.SleepAny(park.Limit{}, []park.Case{{Addr: words[0], Enqueuer: atOnce{}}})
		}
	}},
	{"SleepAny", func(words []*atomic.Uint32) {
		helped(func() { park.WaitAny(park.Limit{}, park.Word{Addr: words[1]}, park.Word{Addr: words[0]}) }, func() {
			for !park.Wake(words[0]) {
				runtime.Gosched()
			}
		})
	}},
	{"a queue that is lent", func(words []*atomic.Uint32) { lend(words[0], words[1], words[2]) }},
	{"queues that are lent", func(words []*atomic.Uint32) { lend(words[0], words[3], words[2]) }},
}

// atOnce is an Enqueuer that need not wait.
type atOnce struct{}

func (atOnce) Enqueue(park.Queue, *park.Waiter) uint32 { return 0 }
func (atOnce) GiveUp(park.Queue, *park.Waiter)         {}

// ofTwo returns the words of two goroutines.
func ofTwo() (one, two []*atomic.Uint32) {
	words := park.SameBucket(6)
	far := park.SameBucket(2)
	for park.InBucketOf(words[0], far[0]) {
		far = park.SameBucket(2)
	}
	return append(words[:3:3], far[0]), append(words[3:], far[1])
}

// helped runs f in a goroutine, g meanwhile, and waits for f. The detector sees each step of theirs in order.
func helped(f, g func()) {
	shared := 0
	done := make(chan struct{})
	go func() {
		shared++
		f()
		close(done)
	}()
	g()
	<-done
	shared++
}

// sleepUse is a use of a Waiter that sleeps and is woken.
func sleepUse(waiter func() *park.Waiter) func(words []*atomic.Uint32) {
	return func(words []*atomic.Uint32) {
		word := words[0]
		shared := 0
		helped(func() {
			w := waiter()
			w.Sleep(word, park.Always{}, nil)
			shared++
			w.Free()
		}, func() {
			for park.Waiting(word) == 0 {
				runtime.Gosched()
			}
			w := pop(word)
			shared++
			w.Wake(0)
		})
		shared++
	}
}

// lend moves a queue that is lent after its first waiter. Meanwhile another goroutine wants it, and moves that of a
// neighbour, which is not lent, too.
func lend(word, to, neighbour *atomic.Uint32) {
	push(word)
	push(word)
	l := &loan{word: word, neighbour: neighbour, used: make(chan struct{})}
	l.set()
	park.WithQueues(word, to, func(q, to park.Queue) { q.MoveTo(to, 2) })
	<-l.used
	l.shared++
	pop(to).Drop()
	pop(to).Drop()
}

// A loan is what another goroutine does while a queue is lent.
type loan struct {
	word, neighbour *atomic.Uint32
	used            chan struct{}
	shared          int
}

var lent *loan // what lend does next

//go:norace
func (l *loan) set() { lent = l }

// whileLent is called in the midst of lend.
//
//go:norace
func whileLent() {
	if l := lent; l != nil {
		lent = nil
		l.use()
	}
}

func (l *loan) use() {
	moved := make(chan struct{})
	go func() {
		l.shared++
		push(l.neighbour)
		push(l.neighbour)
		park.WithQueues(l.neighbour, new(atomic.Uint32), func(q, to park.Queue) {
			q.MoveTo(to, 2)
			to.MoveTo(q, 2)
		})
		pop(l.neighbour).Drop()
		pop(l.neighbour).Drop()
		close(moved)
		park.Waiting(l.word)
		l.shared++
		close(l.used)
	}()
	<-moved
	for park.Goroutines("sync.Mutex.Lock", "awaitReturn") == 0 {
		runtime.Gosched()
	}
}

// TestDetectorSeesOrder lets a goroutine use words, and synchronize with another one after that. The detector sees
// that, and that a Wake comes before the return of its Sleep.
func TestDetectorSeesOrder(*testing.T) {
	defer park.WhileLent(1, whileLent)()
	byMutex := use{"by mutex", sleepUse(func() *park.Waiter {
		w := park.NewWaiter(park.Exclusion, park.Limit{})
		w.ByMutex() // its mutex, which is pooled with it, would hide races
		return w
	})}
	for _, use := range append(uses, byMutex) {
		words, _ := ofTwo()
		shared := 0
		done := make(chan struct{})
		go func() {
			for range 2 {
				use.do(words)
			}
			shared++
			close(done)
		}()
		<-done
		shared++
		use.do(words)
	}
}

// TestDetectorSeesRaces runs a program with races between two goroutines that use words of one bucket.
// They run one after the other, without the detector seeing why. The lock of the bucket must not hide
// the race, nor anything else that the package uses.
func TestDetectorSeesRaces(t *testing.T) {
	if testing.CoverMode() != "" {
		t.Skip("the counters of -cover, which are atomic, order the goroutines")
	}
	const begins = "== begins: "
	if os.Getenv("OSYNC_RACY") == "" {
		// With one processor the second goroutine has what the first one has put into a pool.
		for _, procs := range []string{strconv.Itoa(max(runtime.GOMAXPROCS(0), 2)), "1"} {
			child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
			child.Env = append(os.Environ(), "OSYNC_RACY=1", "GOMAXPROCS="+procs,
				"GORACE=halt_on_error=0 suppress_equal_stacks=0 suppress_equal_addresses=0")
			out, err := child.CombinedOutput()
			reports := strings.Split(string(out), begins)[1:]
			if err == nil || len(reports) != len(racing()) {
				t.Errorf("the detector did not see the races: %v\n%s", err, out)
			}
			for _, report := range reports {
				if name, rest, _ := strings.Cut(report, "\n"); strings.Count(rest, "WARNING: DATA RACE") != 1 {
					t.Errorf("the detector did not see one race, with GOMAXPROCS=%s: %s\n%s", procs, name, rest)
				}
			}
		}
		return
	}
	defer park.WhileLent(1, whileLent)()
	for _, use := range racing() {
		fmt.Fprintln(os.Stderr, begins+use.name)
		shared := 0
		var order atomic.Uint32
		done := make(chan struct{})
		go func() {
			use.one()
			shared++
			time.Sleep(11 * time.Millisecond) // so that a wait asks for the number of processors
			use.one()
			race.Disable()
			order.Store(1)
			race.Enable()
		}()
		go func() {
			race.Disable()
			for order.Load() == 0 {
			}
			race.Enable()
			use.two()
			shared++
			close(done)
		}()
		<-done
	}
}

// A pair is what two goroutines do that share no word.
type pair struct {
	name     string
	one, two func()
}

// racing returns the uses, each by two goroutines, and some beside another sync.Pool. The detector takes a Put into one pool
// and a Get from another one for an order, if the addresses are similar.
func racing() (pairs []pair) {
	for _, use := range uses {
		one, two := ofTwo()
		pairs = append(pairs, pair{use.name, func() { use.do(one) }, func() { use.do(two) }})
	}
	pool := func() (fill, drain func()) {
		var pool sync.Pool
		fill = func() {
			for range 2000 {
				pool.Put(new(int))
			}
		}
		drain = func() {
			for pool.Get() != nil {
			}
		}
		return fill, drain
	}
	waiters := func() {
		for range 30 { // under the detector a pool forgets some
			park.NewWaiter(park.Condition, park.Limit{}).Free()
		}
	}
	fill, _ := pool()
	full, drain := pool()
	full()
	return append(pairs, pair{"Free", waiters, drain}, pair{"NewWaiter", fill, waiters})
}
