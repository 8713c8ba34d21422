// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/locks/park"
)

// BenchmarkPingPong passes a turn to and fro between two; an op is there and back.
func BenchmarkPingPong(b *testing.B) {
	for _, start := range []string{"goroutine", "pinned"} {
		pair := func(b *testing.B, turn func(me uint32)) {
			var done sync.WaitGroup
			for me := range uint32(2) {
				done.Add(1)
				starts[start](func() {
					defer done.Done()
					for range b.N {
						turn(me)
					}
				})
			}
			done.Wait()
		}
		b.Run(fmt.Sprintf("workers=%s/impl=osync", start), func(b *testing.B) {
			word := new(atomic.Uint32)
			pair(b, func(me uint32) {
				for word.Load() != me {
					park.Wait(word, 1-me)
				}
				word.Store(1 - me)
				park.Wake(word)
			})
		})
		b.Run(fmt.Sprintf("workers=%s/impl=sync", start), func(b *testing.B) {
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
		b.Run(fmt.Sprintf("workers=%s/impl=channel", start), func(b *testing.B) {
			balls := [2]chan struct{}{make(chan struct{}, 1), make(chan struct{}, 1)}
			balls[0] <- struct{}{}
			pair(b, func(me uint32) {
				<-balls[me]
				balls[1-me] <- struct{}{}
			})
		})
	}
}

// BenchmarkWakeNobody is what a lock pays whose waker does not know whether anyone waits, alone and with
// somebody asleep on another word of the bucket.
func BenchmarkWakeNobody(b *testing.B) {
	words := park.SameBucket(64)
	wake := func(b *testing.B) {
		for range b.N {
			park.Wake(words[0])
		}
	}
	b.Run("alone", wake)
	for name, same := range map[string]bool{"same class": true, "another class": false} {
		for _, word := range words[1:] {
			if park.SameClass(words[0], word) == same {
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
