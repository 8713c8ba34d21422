// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// The uncontended cases call the concrete types: an interface call would hide inlining.

func BenchmarkMutexUncontended(b *testing.B) {
	b.Run("impl=sync", func(b *testing.B) {
		var m sync.Mutex
		for range b.N {
			m.Lock()
			m.Unlock()
		}
	})
	b.Run("impl=osync", func(b *testing.B) {
		var m locks.Mutex
		for range b.N {
			m.Lock()
			m.Unlock()
		}
	})
	b.Run("impl=osync/form=TryLockFor", func(b *testing.B) {
		var m locks.Mutex
		for range b.N {
			m.TryLockFor(time.Second)
			m.Unlock()
		}
	})
	b.Run("impl=osync/form=LockContext", func(b *testing.B) {
		var m locks.Mutex
		ctx := b.Context()
		for range b.N {
			m.LockContext(ctx)
			m.Unlock()
		}
	})
}

func BenchmarkRWMutexUncontended(b *testing.B) {
	b.Run("op=read/impl=sync", func(b *testing.B) {
		var m sync.RWMutex
		for range b.N {
			m.RLock()
			m.RUnlock()
		}
	})
	b.Run("op=read/impl=osync", func(b *testing.B) {
		var m locks.RWMutex
		for range b.N {
			m.RLock()
			m.RUnlock()
		}
	})
	b.Run("op=write/impl=sync", func(b *testing.B) {
		var m sync.RWMutex
		for range b.N {
			m.Lock()
			m.Unlock()
		}
	})
	b.Run("op=write/impl=osync", func(b *testing.B) {
		var m locks.RWMutex
		for range b.N {
			m.Lock()
			m.Unlock()
		}
	})
}

func BenchmarkOnce(b *testing.B) {
	f := func() {}
	b.Run("impl=sync", func(b *testing.B) {
		var o sync.Once
		for range b.N {
			o.Do(f)
		}
	})
	b.Run("impl=osync", func(b *testing.B) {
		var o locks.Once
		for range b.N {
			o.Do(f)
		}
	})
}

func BenchmarkWaitGroup(b *testing.B) {
	b.Run("impl=sync", func(b *testing.B) {
		var wg sync.WaitGroup
		for range b.N {
			wg.Add(1)
			wg.Done()
			wg.Wait()
		}
	})
	b.Run("impl=osync", func(b *testing.B) {
		var wg locks.WaitGroup
		for range b.N {
			wg.Add(1)
			wg.Done()
			wg.Wait()
		}
	})
}

// Locks under test lie on cache lines of their own.
type apart[T any] struct {
	_ [128]byte
	l T
	_ [128]byte
}

// contend divides b.N turns among workers.
func contend(b *testing.B, start locktest.Start, workers int, turn func(worker int)) {
	var joins []func()
	var turns atomic.Int64
	turns.Store(int64(b.N))
	begin := make(chan struct{})
	for w := range workers {
		joins = append(joins, start.Go(func() {
			<-begin
			const batch = 64
			for turns.Add(-batch) > -batch {
				for range batch {
					turn(w)
				}
			}
		}))
	}
	b.ResetTimer()
	close(begin)
	for _, join := range joins {
		join()
	}
}

func BenchmarkMutexContended(b *testing.B) {
	for _, start := range []locktest.Start{locktest.Goroutines, pinned} {
		for _, workers := range []int{2, 8, 64, 512} {
			if start.Threads && workers > 64 {
				continue
			}
			for _, think := range []int{0, 1000} {
				for _, work := range []int{0, 100, 1000} {
					for _, impl := range []string{"sync", "osync"} {
						var l sync.Locker = &new(apart[sync.Mutex]).l
						if impl == "osync" {
							l = &new(apart[locks.Mutex]).l
						}
						b.Run(fmt.Sprintf("workers=%s/n=%d/think=%d/work=%d/impl=%s", start.Name, workers, think, work, impl), func(b *testing.B) {
							contend(b, start, workers, func(int) {
								l.Lock()
								locktest.Spend(work)
								l.Unlock()
								locktest.Spend(think)
							})
						})
					}
				}
			}
		}
	}
}

func BenchmarkRWMutexContended(b *testing.B) {
	for _, workers := range []int{2, 8, 64} {
		for _, writes := range []int{0, 1, 10, 50} {
			for _, work := range []int{0, 100, 1000} {
				for _, impl := range []string{"sync", "osync"} {
					var l locktest.RWLocker = &new(apart[sync.RWMutex]).l
					if impl == "osync" {
						l = &new(apart[locks.RWMutex]).l
					}
					b.Run(fmt.Sprintf("n=%d/writes=%d/work=%d/impl=%s", workers, writes, work, impl), func(b *testing.B) {
						turns := make([]struct {
							n int
							_ [128]byte
						}, workers)
						contend(b, locktest.Goroutines, workers, func(w int) {
							turns[w].n += 37 // prime to 100: writes are spread evenly
							if turns[w].n%100 < writes {
								l.Lock()
								locktest.Spend(work)
								l.Unlock()
							} else {
								l.RLock()
								locktest.Spend(work)
								l.RUnlock()
							}
						})
					})
				}
			}
		}
	}
}

// BenchmarkCondPingPong passes a turn to and fro between two; an op is there and back.
func BenchmarkCondPingPong(b *testing.B) {
	for _, start := range []locktest.Start{locktest.Goroutines, pinned} {
		for _, impl := range []string{"sync", "osync"} {
			b.Run(fmt.Sprintf("workers=%s/impl=%s", start.Name, impl), func(b *testing.B) {
				var l sync.Locker
				var c locktest.Waiter
				if impl == "sync" {
					l = new(sync.Mutex)
					c = sync.NewCond(l)
				} else {
					l = new(locks.Mutex)
					c = locks.NewCond(l)
				}
				turn := 0
				var joins []func()
				for me := range 2 {
					joins = append(joins, start.Go(func() {
						for range b.N {
							l.Lock()
							for turn != me {
								c.Wait()
							}
							turn = 1 - me
							l.Unlock()
							c.Signal()
						}
					}))
				}
				for _, join := range joins {
					join()
				}
			})
		}
	}
}

// BenchmarkBroadcast wakes a crowd that waits with the mutex of the Cond; an op is one
// waiter woken.
func BenchmarkBroadcast(b *testing.B) {
	for _, n := range []int{10, 1000} {
		for _, impl := range []string{"sync", "osync"} {
			b.Run(fmt.Sprintf("n=%d/impl=%s", n, impl), func(b *testing.B) {
				var l sync.Locker
				var c locktest.Waiter
				if impl == "sync" {
					l = new(sync.Mutex)
					c = sync.NewCond(l)
				} else {
					l = new(locks.Mutex)
					c = locks.NewCond(l)
				}
				for left := b.N; left > 0; left -= n {
					waiting := 0
					var done sync.WaitGroup
					for range n {
						done.Go(func() {
							l.Lock()
							waiting++
							c.Wait()
							l.Unlock()
						})
					}
					for all := false; !all; {
						time.Sleep(10 * time.Microsecond)
						l.Lock()
						all = waiting == n
						l.Unlock()
					}
					c.Broadcast()
					done.Wait()
				}
			})
		}
	}
}
