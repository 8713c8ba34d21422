// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package backend

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
)

func ExampleQueue() {
	q := NewQueue[string](2)
	go func() {
		for _, word := range []string{"first", "in", "first", "out"} {
			q.Put(word, park.Limit{}) // waits for room
		}
		q.Close()
	}()
	for {
		word, err := q.Get(park.For(time.Minute))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Print(word, " ")
	}
	// Output: first in first out backend: queue closed
}

func TestQueueWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQueue[int](2)
		begin := time.Now()
		if _, err := q.Get(park.For(time.Hour)); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begin) != time.Hour {
			t.Errorf("Get of an empty queue: %v after %v, want %v after 1h", err, time.Since(begin), os.ErrDeadlineExceeded)
		}
		var errs [3]error
		for i := range 3 {
			go func() { errs[i] = q.Put(i, park.For(time.Hour)) }()
			synctest.Wait()
		}
		time.Sleep(time.Minute) // two are in, one waits
		if v, err := q.Get(park.Limit{}); v != 0 || err != nil {
			t.Errorf("Get = %d, %v, want 0", v, err)
		}
		synctest.Wait()
		if errs != [3]error{} {
			t.Errorf("Put returned %v", errs)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		if err := q.Put(3, park.Context(ctx)); !errors.Is(err, context.Canceled) {
			t.Errorf("Put into a full queue: %v, want %v", err, context.Canceled)
		}
		if err := q.Put(3, park.For(0)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("Put without time: %v, want %v", err, os.ErrDeadlineExceeded)
		}
		for want := 1; want <= 2; want++ {
			if v, err := q.Get(park.For(0)); v != want || err != nil {
				t.Errorf("Get = %d, %v, want %d: what was not put is not there", v, err, want)
			}
		}
	})
}

func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full, empty := NewQueue[int](1), NewQueue[int](1)
		full.Put(7, park.Limit{})
		var errs []error
		var mu sync.Mutex
		note := func(err error) {
			mu.Lock()
			defer mu.Unlock()
			errs = append(errs, err)
		}
		for range 3 {
			go func() { note(full.Put(1, park.Limit{})) }()
			go func() { _, err := empty.Get(park.Limit{}); note(err) }()
		}
		synctest.Wait()
		full.Close()
		full.Close()
		empty.Close()
		synctest.Wait()
		if len(errs) != 6 || slices.ContainsFunc(errs, func(err error) bool { return !errors.Is(err, ErrClosed) }) {
			t.Errorf("those who waited got %v, want six times %v", errs, ErrClosed)
		}
		if v, err := full.Get(park.Limit{}); v != 7 || err != nil {
			t.Errorf("Get of what was in a closed queue = %d, %v, want 7", v, err)
		}
		if _, err := full.Get(park.Limit{}); !errors.Is(err, ErrClosed) {
			t.Errorf("Get of a closed and empty queue: %v", err)
		}
	})
}

// TestStressQueue lets several put and get, some as pinned threads, some with limits that are
// soon over, and counts: each value that was put is taken once, and those of one producer
// that one consumer gets are in order.
func TestStressQueue(t *testing.T) {
	const producers, consumers = 4, 4
	each := 20000
	if testing.Short() {
		each = 2000
	}
	for _, size := range []int{1, 2, 64} {
		t.Run(fmt.Sprintf("size=%d", size), func(t *testing.T) {
			q := NewQueue[[2]int](size)
			var gaveUp atomic.Int64
			put := func(p int) error {
				for i := range each {
					limit := func() park.Limit { return park.Limit{} }
					if p%2 == 0 {
						limit = func() park.Limit { return park.For(time.Duration(rand.N(100)) * time.Microsecond) }
					}
					for q.Put([2]int{p, i}, limit()) != nil { // not in it: once more
						gaveUp.Add(1)
					}
				}
				return nil
			}
			var taken [consumers][][2]int
			get := func(c int) error {
				for {
					limit := park.Limit{}
					if c%2 == 0 {
						limit = park.For(time.Duration(rand.N(100)) * time.Microsecond)
					}
					v, err := q.Get(limit)
					switch {
					case errors.Is(err, ErrClosed):
						return nil
					case err != nil:
						gaveUp.Add(1)
					default:
						taken[c] = append(taken[c], v)
					}
				}
			}
			var in, out sync.WaitGroup
			for i := range producers {
				in.Go(func() { asThread(i == 0, func() error { return put(i) }) })
			}
			for i := range consumers {
				out.Go(func() { asThread(i == 0, func() error { return get(i) }) })
			}
			in.Wait()
			q.Close()
			out.Wait()

			times := map[[2]int]int{}
			for c, values := range taken {
				last := [producers]int{}
				for _, v := range values {
					times[v]++
					if v[1] < last[v[0]] {
						t.Errorf("consumer %d got value %d of producer %d after %d", c, v[1], v[0], last[v[0]])
					}
					last[v[0]] = v[1]
				}
			}
			for v, n := range times {
				if n != 1 {
					t.Errorf("%v was taken %d times", v, n)
				}
			}
			if len(times) != producers*each {
				t.Errorf("%d values were taken, want %d", len(times), producers*each)
			}
			t.Logf("gave up %d times", gaveUp.Load())
		})
	}
}

// TestPingPong lets one producer and one consumer wait for each other all the time. There is
// no other goroutine to make up for a wake that is lost.
func TestPingPong(t *testing.T) {
	rounds := 100000
	if testing.Short() {
		rounds = 10000
	}
	q := NewQueue[int](1)
	go func() {
		for i := range rounds {
			q.Put(i, park.Limit{})
		}
	}()
	for i := range rounds {
		if v, err := q.Get(park.For(time.Minute)); v != i || err != nil {
			t.Fatalf("Get = %d, %v, want %d", v, err, i)
		}
	}
}

// TestLock lets some wait for a lock for which no goroutine comes after them.
func TestLock(t *testing.T) {
	for range 1000 {
		var mu lock
		n := 0
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				mu.Lock()
				defer mu.Unlock()
				n++
				for range 4 {
					runtime.Gosched() // so that the others come
				}
			})
		}
		wg.Wait()
		if n != 4 {
			t.Fatalf("counted to %d, want 4", n)
		}
	}
}

// asThread calls f, in a pinned thread if pinned is true.
func asThread(pinned bool, f func() error) {
	if pinned {
		thread.Spawn(f).Join()
		return
	}
	f()
}

// BenchmarkQueue has as many producers as consumers, and room for 16 values.
func BenchmarkQueue(b *testing.B) {
	for _, pairs := range []int{1, 8} {
		q, c := NewQueue[int](16), make(chan int, 16)
		for _, impl := range []struct {
			name     string
			put, get func()
		}{
			{"backend", func() { q.Put(1, park.Limit{}) }, func() { q.Get(park.Limit{}) }},
			{"channel", func() { c <- 1 }, func() { <-c }},
		} {
			b.Run(fmt.Sprintf("impl=%s/goroutines=%d", impl.name, 2*pairs), func(b *testing.B) {
				var wg sync.WaitGroup
				for _, f := range []func(){impl.put, impl.get} {
					wg.Go(func() {
						together(b, pairs, func(n int) {
							for range n {
								f()
							}
						})
					})
				}
				wg.Wait()
			})
		}
	}
}
