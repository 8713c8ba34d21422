// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package urgent gives a thread the most urgent place in the system's order that this program may have, and keeps the
// times of a loop that must be on time.
package urgent

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/thread"
)

// Raise raises the calling thread, which must be pinned and needs computation in each period, and says to what. It tries the real-time
// class of the system first, then [thread.Highest], and then leaves the thread as it is.
func Raise(period, computation time.Duration) string {
	err := thread.SetRealtime(period, computation)
	if err == nil {
		return "the real-time class"
	}
	if high := thread.SetPriority(thread.Highest); high != nil {
		return fmt.Sprintf("ordinary priority\n(%v; %v)", err, high)
	}
	return fmt.Sprintf("thread.Highest\n(%v)", err)
}

// Load keeps n goroutines busy, which compute and make garbage, until the function that it returns has been called.
func Load(n int) (stop func()) {
	var end atomic.Bool
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			var kept [64][]*int // pointers, so that there is something to mark
			for i := 0; !end.Load(); i++ {
				kept[i%len(kept)] = make([]*int, 512)
				for range 400 {
					spin(1000)
				}
				runtime.KeepAlive(kept)
				if runtime.GOARCH == "wasm" {
					runtime.Gosched() // there is no preemption
				}
			}
		})
	}
	return func() { end.Store(true); wg.Wait() }
}

// spin computes for n steps.
func spin(n int) {
	x := uint64(0)
	for i := range n {
		x = x*6364136223846793005 + uint64(i)
	}
	runtime.KeepAlive(x) // or the compiler leaves it all out
}

// Work computes for d, without a call that may sleep.
func Work(d time.Duration) {
	for began := time.Now(); time.Since(began) < d; {
		spin(200)
	}
}

// Times are durations, to be summed up.
type Times []time.Duration

// At returns the time that the given part of the times does not exceed: 0.5 for the median, 1 for the longest.
func (t Times) At(part float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Clone(t)
	slices.Sort(sorted)
	return sorted[int(part*float64(len(sorted)-1))]
}

// Micro writes d in microseconds, or in milliseconds if it is long.
func Micro(d time.Duration) string {
	if d >= 10*time.Millisecond {
		return fmt.Sprintf("%.1f ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.0f µs", float64(d)/1e3)
}
