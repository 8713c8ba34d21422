// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// A bumper is a lock that can let others in.
type bumper interface {
	locks.Locker
	TryLock() bool
	Bump() bool
	HasWaiters() bool
	Waiting() int
	State() uint64
}

var (
	bumpers = map[string]func() bumper{
		"Mutex":         func() bumper { return new(locks.Mutex) },
		"FairMutex":     func() bumper { return new(locks.FairMutex) },
		"RWMutex":       func() bumper { return new(locks.RWMutex) },
		"BiasedRWMutex": func() bumper { return new(locks.BiasedRWMutex) },
	}
	// starts are for waiters of both kinds.
	starts = []locktest.Start{locktest.Goroutines, pinned}
)

// readerOf returns what locks and unlocks a bumper for reading, or nil.
func readerOf(b bumper) (read func(inside func())) {
	switch rw := b.(type) {
	case *locks.RWMutex:
		return func(inside func()) { rw.RLock(); inside(); rw.RUnlock() }
	case *locks.BiasedRWMutex:
		return func(inside func()) { t := rw.RLock(); inside(); rw.RUnlock(t) }
	}
	return nil
}

// TestBump lets in all waiters, goroutines and threads, writers and readers, and no more than that.
func TestBump(t *testing.T) {
	for name, make := range bumpers {
		t.Run(name, func(t *testing.T) {
			for _, readers := range []int{0, 1, 2 * runtime.GOMAXPROCS(0)} {
				for _, writers := range []int{0, 1, 6} {
					b := make()
					read := readerOf(b)
					if read == nil && readers != 0 || readers+writers == 0 {
						continue
					}
					b.Lock()
					if b.HasWaiters() || b.Bump() {
						t.Error("nobody waits, and Bump lets somebody in")
					}
					value, in := 0, atomic.Int32{} // plain, for the race detector
					var through []func()
					for i := range writers {
						through = append(through, starts[i%2].Go(func() { b.Lock(); value++; in.Add(1); b.Unlock() }))
					}
					locktest.Eventually(t, "all writers wait", func() bool { return b.Waiting() == writers })
					for i := range readers {
						through = append(through, starts[i%2].Go(func() { read(func() { _ = value; in.Add(1) }) }))
					}
					locktest.Eventually(t, "all wait", func() bool { return b.Waiting() == writers+readers })
					if !b.HasWaiters() {
						t.Error("HasWaiters is false")
					}
					if in.Load() != 0 || b.TryLock() {
						t.Error("somebody is in beside the holder")
					}
					if !b.Bump() {
						t.Error("Bump has not unlocked")
					}
					if got := in.Load(); int(got) != writers+readers || value != writers {
						t.Errorf("%d writers and %d others were let in, want %d and %d", value, int(got)-value, writers, readers)
					}
					if b.TryLock() {
						t.Error("the caller of Bump does not hold the lock")
					}
					if b.HasWaiters() || b.Bump() {
						t.Error("nobody is left, and Bump lets somebody in")
					}
					b.Unlock()
					for _, wait := range through {
						wait()
					}
					if !b.TryLock() {
						t.Error("the lock is not free in the end")
					}
					b.Unlock()
					if b.Waiting() != 0 {
						t.Errorf("%d wait in the end", b.Waiting())
					}
				}
			}
		})
	}
}

// TestBumpNewcomers has a goroutine arrive while Bump waits. It queues behind the caller of Bump.
func TestBumpNewcomers(t *testing.T) {
	for name, make := range bumpers {
		t.Run(name, func(t *testing.T) {
			b := make()
			b.Lock()
			early, late := false, atomic.Bool{}
			through := []func(){locktest.Goroutines.Go(func() {
				b.Lock()
				early = true
				newcomer := locktest.Goroutines.Go(func() { b.Lock(); late.Store(true); b.Unlock() })
				locktest.Eventually(t, "the newcomer waits behind the caller of Bump", func() bool { return b.Waiting() == 2 })
				b.Unlock()
				newcomer()
			})}
			locktest.Eventually(t, "one waits", func() bool { return b.Waiting() == 1 })
			if !b.Bump() || !early || late.Load() {
				t.Errorf("Bump has let in the waiter: %t, the newcomer: %t; want only the waiter", early, late.Load())
			}
			if !b.HasWaiters() {
				t.Error("the newcomer is not in the queue")
			}
			b.Unlock()
			through[0]()
			if !late.Load() {
				t.Error("the newcomer did not get in")
			}
		})
	}
}

// TestBumpLoop holds a lock, except in Bump, until each of some workers, which lock again at once, has had it many
// times.
func TestBumpLoop(t *testing.T) {
	const workers = 5
	turns := int32(locktest.Size(2000))
	for name, make := range bumpers {
		t.Run(name, func(t *testing.T) {
			b := make()
			read := readerOf(b)
			var had [workers]atomic.Int32
			var over atomic.Bool
			var through []func()
			b.Lock()
			for i := range workers {
				through = append(through, starts[i%2].Go(func() {
					for !over.Load() {
						if read != nil && i%3 == 0 {
							read(func() { had[i].Add(1) })
						} else {
							b.Lock()
							had[i].Add(1)
							b.Unlock()
						}
						runtime.Gosched()
					}
				}))
			}
			bumped := 0
			locktest.Eventually(t, "each worker has had its turns", func() bool {
				if b.Bump() {
					bumped++
				}
				for i := range had {
					if had[i].Load() < turns {
						return false
					}
				}
				return true
			})
			over.Store(true)
			b.Unlock()
			for _, wait := range through {
				wait()
			}
			if bumped == 0 {
				t.Error("no Bump has let anybody in")
			}
			if b.Waiting() != 0 || !b.TryLock() {
				t.Errorf("%d wait in the end, and the word is %#x", b.Waiting(), b.State())
			}
		})
	}
}

// TestRBump lets in a writer that waits for readers, or does nothing if there is none.
func TestRBump(t *testing.T) {
	rw, biased := new(locks.RWMutex), new(locks.BiasedRWMutex)
	biased.RUnlock(biased.RLock()) // the next one reads in a slot
	var token locks.ReadToken
	for name, l := range map[string]struct {
		b             bumper
		rLock         func()
		rBump         func() bool
		rUnlock       func()
		writerWaiting func() bool
	}{
		"RWMutex": {rw, rw.RLock, rw.RBump, rw.RUnlock, rw.WriterWaiting},
		"BiasedRWMutex": {biased, func() { token = biased.RLock() }, func() (bumped bool) {
			token, bumped = biased.RBump(token)
			return bumped
		}, func() { biased.RUnlock(token) }, biased.WriterWaiting},
	} {
		t.Run(name, func(t *testing.T) {
			for _, start := range starts {
				l.rLock()
				if l.writerWaiting() || l.b.HasWaiters() || l.rBump() {
					t.Error("no writer waits, and RBump lets one in")
				}
				in := 0
				through := start.Go(func() { l.b.Lock(); in++; l.b.Unlock() })
				locktest.Eventually(t, "a writer waits", func() bool { return l.b.Waiting() == 1 })
				if !l.writerWaiting() || !l.b.HasWaiters() {
					t.Error("the writer is not seen")
				}
				if !l.rBump() || in != 1 {
					t.Error("the writer was not let in")
				}
				if l.b.TryLock() {
					t.Error("the caller of RBump does not hold the lock")
				}
				if l.rBump() {
					t.Error("no writer waits any more, and RBump lets one in")
				}
				through()
				l.rUnlock()
			}
			if !l.b.TryLock() {
				t.Error("the lock is not free in the end")
			}
			l.b.Unlock()
		})
	}
}

// TestBumpMisuse calls Bump without the lock.
func TestBumpMisuse(t *testing.T) {
	for name, make := range bumpers {
		want := "locks: Bump of unlocked mutex"
		if read := readerOf(make()); read != nil {
			want = "locks: Bump of unlocked RWMutex"
			b := make()
			read(func() { locktest.Panics(t, name+".Bump by a reader", want, func() { b.Bump() }) })
		}
		b := make()
		locktest.Panics(t, name+".Bump", want, func() { b.Bump() })
		if !b.TryLock() {
			t.Errorf("%s is not free after a Bump that has panicked", name)
		}
	}
	var rw locks.RWMutex
	locktest.Panics(t, "RBump", "locks: RBump of unlocked RWMutex", func() { rw.RBump() })
	rw.Lock()
	locktest.Panics(t, "RBump by a writer", "locks: RBump of unlocked RWMutex", func() { rw.RBump() })
	rw.Unlock()
	var biased locks.BiasedRWMutex
	token := biased.RLock()
	biased.RUnlock(token)
	biased.Lock()
	locktest.Panics(t, "RBump beside a writer", "locks: RUnlock of unlocked RWMutex", func() { biased.RBump(token) })
	biased.Unlock()
}
