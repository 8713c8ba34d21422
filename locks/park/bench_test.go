// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/park"
)

// BenchmarkPingPong passes a turn back and forth between two workers. An op is one round trip.
func BenchmarkPingPong(b *testing.B) {
	for _, start := range []locktest.Start{locktest.Goroutines, pinned} {
		pair := func(b *testing.B, turn func(me uint32)) {
			var done sync.WaitGroup
			for me := range uint32(2) {
				done.Add(1)
				start.Go(func() {
					defer done.Done()
					for range b.N {
						turn(me)
					}
				})
			}
			done.Wait()
		}
		b.Run(fmt.Sprintf("workers=%s/impl=osync", start.Name), func(b *testing.B) {
			word := new(atomic.Uint32)
			pair(b, func(me uint32) {
				for word.Load() != me {
					park.Wait(word, 1-me)
				}
				word.Store(1 - me)
				park.Wake(word)
			})
		})
		b.Run(fmt.Sprintf("workers=%s/impl=sync", start.Name), func(b *testing.B) {
			var m sync.Mutex
			c := sync.NewCond(&m)
			turn := uint32(0)
			pair(b, func(me uint32) {
				m.Lock()
				for turn != me {
					c.Wait()
				}
				turn = 1 - me
				m.Unlock()
				c.Signal()
			})
		})
		b.Run(fmt.Sprintf("workers=%s/impl=channel", start.Name), func(b *testing.B) {
			balls := [2]chan struct{}{make(chan struct{}, 1), make(chan struct{}, 1)}
			balls[0] <- struct{}{}
			pair(b, func(me uint32) {
				<-balls[me]
				balls[1-me] <- struct{}{}
			})
		})
	}
}

// BenchmarkWakeInVain measures a Wake without a waiter, alone and while a waiter sleeps on another word of
// the bucket. A lock whose word does not say whether there are waiters pays that.
func BenchmarkWakeInVain(b *testing.B) {
	words := park.SameBucket(64)
	wake := func(b *testing.B) {
		for range b.N {
			park.Wake(words[0])
		}
	}
	b.Run("alone", wake)
	for name, same := range map[string]bool{"same class": true, "another class": false} {
		for _, word := range words[1:] {
			if (park.Class(words[0]) == park.Class(word)) == same {
				done := make(chan struct{})
				go func() { park.Wait(word, 0); close(done) }()
				for park.Waiting(word) == 0 {
					runtime.Gosched()
				}
				b.Run("neighbour="+name, wake)
				park.Wake(word)
				<-done
				break
			}
		}
	}
}
