// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows || freebsd || openbsd || netbsd || dragonfly

package native_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/native"
)

// crowd calls f b.N times in n goroutines locked to their threads, which start together.
func crowd(b *testing.B, n int, f func()) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			ready.Done()
			<-start
			for range (b.N + i) / n {
				f()
			}
		})
	}
	ready.Wait()
	b.ResetTimer()
	close(start)
	done.Wait()
}

func BenchmarkMutex(b *testing.B) {
	b.Run("impl=native", func(b *testing.B) {
		var m native.Mutex
		for b.Loop() {
			m.Lock()
			m.Unlock()
		}
	})
	b.Run("impl=sync", func(b *testing.B) {
		var m sync.Mutex
		for b.Loop() {
			m.Lock()
			m.Unlock()
		}
	})
}

func BenchmarkRWMutexRead(b *testing.B) {
	b.Run("impl=native", func(b *testing.B) {
		var m native.RWMutex
		for b.Loop() {
			m.RLock()
			m.RUnlock()
		}
	})
	b.Run("impl=sync", func(b *testing.B) {
		var m sync.RWMutex
		for b.Loop() {
			m.RLock()
			m.RUnlock()
		}
	})
}

// busy spends d on the processor.
func busy(d time.Duration) {
	for start := time.Now(); time.Since(start) < d; {
	}
}

func BenchmarkMutexContended(b *testing.B) {
	for _, threads := range []int{2, 8, 32} {
		for _, work := range []time.Duration{100, 1000} {
			for _, impl := range []struct {
				name string
				l    sync.Locker
			}{{"native", new(native.Mutex)}, {"sync", new(sync.Mutex)}} {
				b.Run(fmt.Sprintf("threads=%d/work=%d/impl=%s", threads, work, impl.name), func(b *testing.B) {
					crowd(b, threads, func() {
						impl.l.Lock()
						busy(work)
						impl.l.Unlock()
					})
				})
			}
		}
	}
}

// pingPong hands a turn b.N times from one thread to another and back.
func pingPong(b *testing.B, l sync.Locker, c interface {
	Wait()
	Signal()
},
) {
	var done sync.WaitGroup
	turn := 0
	for id := range 2 {
		done.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			for range b.N {
				l.Lock()
				for turn != id {
					c.Wait()
				}
				turn = 1 - id
				l.Unlock()
				c.Signal()
			}
		})
	}
	done.Wait()
}

func BenchmarkCondPingPong(b *testing.B) {
	b.Run("impl=native", func(b *testing.B) {
		var m native.Mutex
		pingPong(b, &m, native.NewCond(&m))
	})
	b.Run("impl=sync", func(b *testing.B) {
		var m sync.Mutex
		pingPong(b, &m, sync.NewCond(&m))
	})
}

// broadcasts lets n threads wait for each of b.N rounds, which a Broadcast starts.
func broadcasts(b *testing.B, n int, l sync.Locker, c interface {
	Wait()
	Broadcast()
},
) {
	var done sync.WaitGroup
	round, here := 0, 0
	for range n {
		done.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			l.Lock()
			defer l.Unlock()
			for r := range b.N {
				if here++; here == n {
					round, here = r+1, 0
					c.Broadcast()
				}
				for round <= r {
					c.Wait()
				}
			}
		})
	}
	done.Wait()
}

func BenchmarkCondBroadcast(b *testing.B) {
	for _, threads := range []int{4, 32} {
		b.Run(fmt.Sprintf("threads=%d/impl=native", threads), func(b *testing.B) {
			var m native.Mutex
			broadcasts(b, threads, &m, native.NewCond(&m))
		})
		b.Run(fmt.Sprintf("threads=%d/impl=sync", threads), func(b *testing.B) {
			var m sync.Mutex
			broadcasts(b, threads, &m, sync.NewCond(&m))
		})
	}
}
