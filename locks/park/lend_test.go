// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/park"
)

// TestLend takes a long queue out, or moves it. Meanwhile a goroutine can wait and be woken on another word
// of the bucket. But no goroutine can use the queues in question: neither a newcomer nor a waiter
// whose limit is reached.
func TestLend(t *testing.T) {
	same := park.SameBucket(3)
	for name, to := range map[string]*atomic.Uint32{
		"PopAll": nil, "MoveTo, same bucket": same[1], "MoveTo, another bucket": park.OtherBucket(same[0]),
	} {
		t.Run(name, func(t *testing.T) {
			atEnd(t)
			const n = 4
			word, neighbour := same[0], same[2]
			if to != nil {
				park.Waiting(to) // osync_debug counts the uses of a bucket
			}
			var newcomer, done sync.WaitGroup
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			for i := range n {
				done.Go(func() {
					if err := park.WaitLimit(word, 0, park.Condition, park.Context(ctx)); err != nil {
						t.Errorf("waiter %d: %v", i, err)
					}
				})
				waiting(t, word, i+1)
			}
			lent := 0
			var in atomic.Bool
			defer park.WhileLent(2, func() {
				lent++
				used := make(chan struct{})
				go func() {
					defer close(used)
					go park.Wait(neighbour, 0)
					waiting(t, neighbour, 1)
					park.Wake(neighbour)
				}()
				select {
				case <-used:
				case <-time.After(30 * time.Second):
					t.Error("another word of the bucket is locked for 30 s")
				}
				cancel()
				for _, word := range []*atomic.Uint32{word, to} {
					if word != nil {
						newcomer.Go(func() { park.WithQueue(word, func(park.Queue) { in.Store(true) }) })
						both := func(q, to park.Queue) { in.Store(true) }
						newcomer.Go(func() { park.WithQueues(word, new(atomic.Uint32), both) })
						newcomer.Go(func() { park.WithQueues(new(atomic.Uint32), word, both) })
					}
				}
				words := 1
				if to != nil {
					words = 2
				}
				locktest.Eventually(t, "the newcomers sleep", func() bool {
					return park.Goroutines("sync.Mutex.Lock", "park.WithQueues(") == 2*words*lent &&
						park.Goroutines("sync.Mutex.Lock", "park.WithQueue(") == words*lent
				})
				if in.Load() {
					t.Error("another goroutine has the queue")
				}
			})()

			var ws park.Waiters
			if to == nil {
				park.WithQueue(word, func(q park.Queue) { ws = q.PopAll() })
			} else {
				park.WithQueues(word, to, func(q, to park.Queue) {
					q.MoveTo(to, n)
					ws = to.PopAll()
				})
			}
			if ws.Wake(0); ws.Len() != n {
				t.Errorf("took %d, want %d", ws.Len(), n)
			}
			done.Wait()
			newcomer.Wait()
			if lent == 0 || !in.Load() {
				t.Errorf("lent %d times; the newcomer has had its turn: %t", lent, in.Load())
			}
		})
	}
}

// TestLendOnce takes out and moves long queues of a bucket that has lent one. It does not lend another.
func TestLendOnce(t *testing.T) {
	atEnd(t)
	const n = 4
	same := park.SameBucket(2)
	word, neighbour := same[0], same[1]
	other := park.OtherBucket(word)
	var done sync.WaitGroup
	for _, word := range []*atomic.Uint32{word, other} {
		for range n {
			done.Go(func() { park.Wait(word, 0) })
		}
		waiting(t, word, n)
	}
	var lent atomic.Int32
	ended := make(chan struct{})
	undo := park.WhileLent(2, func() {
		if lent.Add(1) > 1 {
			return
		}
		go func() {
			defer close(ended)
			park.WithQueues(other, neighbour, func(q, to park.Queue) { q.MoveTo(to, n) })
			park.WithQueues(neighbour, other, func(q, to park.Queue) { q.MoveTo(to, n) })
			park.WithQueues(other, neighbour, func(q, to park.Queue) { q.MoveTo(to, n) })
			park.WakeAll(neighbour)
		}()
		select {
		case <-ended:
		case <-time.After(30 * time.Second):
			t.Error("another word of the bucket is locked for 30 s")
		}
	})
	defer undo()
	park.WakeAll(word)
	done.Wait()
	if lent.Load() != 1 {
		t.Errorf("lent %d times, want once", lent.Load())
	}
}
