// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"fmt"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// BenchmarkAutoEventPingPong passes a turn back and forth between two goroutines; an op is one
// round trip.
func BenchmarkAutoEventPingPong(b *testing.B) {
	for _, start := range []locktest.Start{locktest.Goroutines, pinned} {
		for _, impl := range []string{"channel", "osync"} {
			b.Run(fmt.Sprintf("workers=%s/impl=%s", start.Name, impl), func(b *testing.B) {
				var set, wait [2]func()
				for i := range 2 {
					if impl == "osync" {
						e := new(locks.AutoEvent)
						set[i], wait[i] = e.Set, e.Wait
					} else {
						ch := make(chan struct{}, 1)
						set[i], wait[i] = func() { ch <- struct{}{} }, func() { <-ch }
					}
				}
				set[0]()
				start.Run(2, func(me int) {
					for range b.N {
						wait[me]()
						set[1-me]()
					}
				})
			})
		}
	}
}

// BenchmarkEventIsSet looks at an event that is set, as programs do all the time.
func BenchmarkEventIsSet(b *testing.B) {
	b.Run("impl=channel", func(b *testing.B) {
		ch := make(chan struct{})
		close(ch)
		for range b.N {
			<-ch
		}
	})
	b.Run("impl=osync", func(b *testing.B) {
		var e locks.Event
		e.Set()
		for range b.N {
			e.Wait()
		}
	})
}
