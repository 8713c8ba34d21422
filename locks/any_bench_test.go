// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// BenchmarkWaitAny passes a turn back and forth between two goroutines, each of which waits for n events or channels,
// the last of which becomes ready; an op is one round trip.
func BenchmarkWaitAny(b *testing.B) {
	both := func(b *testing.B, turn func(me int)) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range b.N {
				turn(1)
			}
		}()
		for range b.N {
			turn(0)
		}
		<-done
	}
	for _, n := range []int{1, 2, 4, 8, 32} {
		b.Run(fmt.Sprintf("n=%d/impl=osync", n), func(b *testing.B) {
			var events [2][]locks.AutoEvent
			var sources [2][]locks.Waitable
			for i := range events {
				events[i] = make([]locks.AutoEvent, n)
				for j := range events[i] {
					sources[i] = append(sources[i], &events[i][j])
				}
			}
			events[0][n-1].Set()
			b.ReportAllocs()
			both(b, func(me int) {
				locks.WaitAny(park.Limit{}, sources[me]...)
				events[1-me][n-1].Set()
			})
		})
		var chans [2][]chan struct{}
		for i := range chans {
			for range n {
				chans[i] = append(chans[i], make(chan struct{}, 1))
			}
		}
		if n == 4 {
			b.Run(fmt.Sprintf("n=%d/impl=select", n), func(b *testing.B) {
				chans[0][n-1] <- struct{}{}
				b.ReportAllocs()
				both(b, func(me int) {
					select {
					case <-chans[me][0]:
					case <-chans[me][1]:
					case <-chans[me][2]:
					case <-chans[me][3]:
					}
					chans[1-me][n-1] <- struct{}{}
				})
				<-chans[0][n-1]
			})
		}
		b.Run(fmt.Sprintf("n=%d/impl=reflect", n), func(b *testing.B) {
			var cases [2][]reflect.SelectCase
			for i := range cases {
				for _, c := range chans[i] {
					cases[i] = append(cases[i], reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c)})
				}
			}
			chans[0][n-1] <- struct{}{}
			b.ReportAllocs()
			both(b, func(me int) {
				reflect.Select(cases[me])
				chans[1-me][n-1] <- struct{}{}
			})
			<-chans[0][n-1]
		})
	}
}
