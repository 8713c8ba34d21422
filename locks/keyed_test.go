// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// A keyed is one key of a Keyed as a lock.
type keyed struct {
	k   *locks.Keyed[string]
	key string
}

func (l keyed) Lock()                                 { l.k.Lock(l.key) }
func (l keyed) TryLock() bool                         { return l.k.TryLock(l.key) }
func (l keyed) TryLockFor(d time.Duration) bool       { return l.k.TryLockFor(l.key, d) }
func (l keyed) LockContext(ctx context.Context) error { return l.k.LockContext(ctx, l.key) }
func (l keyed) Unlock()                               { l.k.Unlock(l.key) }

// keyedOptions are the options of the suite for a key. Under the race detector, and with osync_debug, each key has an
// entry of its own, which is allocated.
func keyedOptions() []locktest.Option { return allocating(options()...) }

func allocating(o ...locktest.Option) []locktest.Option {
	if race.Enabled || locks.Debugging {
		return append(o, locktest.Allocates())
	}
	return o
}

func TestKeyed(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker { return keyed{new(locks.Keyed[string]), "key"} }, keyedOptions()...)
}

// newKeyLock returns a key of a KeyedRW, in whose bucket is another key.
func newKeyLock() locks.KeyLock {
	k := new(locks.KeyedRW[int])
	locks.KeyLock{K: k, Hash: 1, Key: 1}.Lock()
	return locks.KeyLock{K: k, Hash: 2, Key: 2}
}

// TestKeyedRW runs the suite over a key in the tree of its bucket, and, with goroutines only, over one alone there.
func TestKeyedRW(t *testing.T) {
	t.Run("Alone", func(t *testing.T) {
		if testing.Short() {
			t.Skip("InTree covers more")
		}
		locktest.RWMutex(t, func() locktest.RWLocker { return locks.KeyLock{K: new(locks.KeyedRW[int]), Key: 7} }, allocating(locktest.Recoverable())...)
	})
	t.Run("InTree", func(t *testing.T) {
		locktest.RWMutex(t, func() locktest.RWLocker { return newKeyLock() }, keyedOptions()...)
	})
}

// TestKeyedKeepsNothing lets 100,000 keys come and go, and holds as many at once: over a thousand in each bucket of most machines.
func TestKeyedKeepsNothing(t *testing.T) {
	var k locks.Keyed[string]
	n := locktest.Size(100_000)
	if locks.Debugging {
		n = 1000 // package held looks through all that a goroutine holds
	}
	heap := func() uint64 {
		var stats runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	k.Lock("")
	k.Unlock("")
	before := heap()
	for i := range n {
		key := strconv.Itoa(i)
		k.Lock(key)
		k.Unlock(key)
	}
	for i := range n {
		k.Lock(strconv.Itoa(i))
	}
	if got := k.Keys(); got != n {
		t.Errorf("%d keys are held, want %d", got, n)
	}
	for i := range n {
		if i%2 == 0 {
			i = n - 2 - i
		}
		k.Unlock(strconv.Itoa(i))
	}
	if got := k.Keys(); got != 0 {
		t.Errorf("%d keys are left", got)
	}
	if after := heap(); after > before+256<<10 && allocs.Counted(t) && !race.Enabled {
		t.Errorf("%d bytes before, %d after", before, after)
	}
	runtime.KeepAlive(&k)
}

// TestKeyedStress has goroutines lock a few keys that come and go, alone and several at a time, with limits that
// end. The keys share few buckets and hashes.
func TestKeyedStress(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		const nKeys = 6
		var k locks.KeyedRW[int]
		var inside [nKeys]atomic.Int32 // -1: a writer
		locksOf := func(key int) locks.KeyLock { return locks.KeyLock{K: &k, Hash: uint64(key / 2), Key: key} }
		write := func(key int) {
			if !inside[key].CompareAndSwap(0, -1) {
				c.Errorf("a writer found %d inside", inside[key].Load())
			}
			runtime.Gosched()
			inside[key].Store(0)
		}
		for i := range 8 {
			random := c.Random(i)
			c.Start(func() {
				for range c.Repeat(locktest.Rounds(2000)) {
					a, b := random.IntN(nKeys), random.IntN(nKeys)
					l := locksOf(a)
					ctx, cancel := locktest.Briefly(random)
					switch random.IntN(6) {
					case 0:
						l.Lock()
						write(a)
						l.Unlock()
					case 1:
						if l.LockContext(ctx) == nil {
							write(a)
							l.HasWaiters()
							l.Downgrade()
							l.RUnlock()
						}
					case 2:
						l.RLock()
						if inside[a].Add(1) <= 0 {
							c.Errorf("a reader beside a writer")
						}
						inside[a].Add(-1)
						l.RUnlock()
					case 3:
						if l.RLockContext(ctx) == nil {
							l.RUnlock()
						}
					case 4:
						if l.TryLock() {
							write(a)
							l.Unlock()
						}
					case 5:
						limit := park.Limit{}
						if random.IntN(2) == 0 {
							limit = park.Context(ctx)
						}
						if l.LockBoth(locksOf(b), limit) == nil {
							write(a)
							l.Unlock()
							if a != b {
								write(b)
								locksOf(b).Unlock()
							}
						}
					}
					cancel()
				}
			})
		}
		c.Join()
		if n := k.Keys(); n != 0 {
			t.Errorf("%d keys are left", n)
		}
	})
}

// TestKeyedOthersGoOn shows that a goroutine that waits for a key does not delay other keys of the bucket.
func TestKeyedOthersGoOn(t *testing.T) {
	var k locks.KeyedRW[int]
	a, b := locks.KeyLock{K: &k, Hash: 1, Key: 1}, locks.KeyLock{K: &k, Hash: 1, Key: 2}
	a.Lock()
	done := make(chan struct{})
	go func() { a.RLock(); a.RUnlock(); close(done) }()
	locktest.Eventually(t, "a reader waits", func() bool { return a.Waiting() == 1 })
	if !a.HasWaiters() {
		t.Error("nobody waits, says HasWaiters")
	}
	b.Lock()
	if b.TryRLock() || b.HasWaiters() {
		t.Error("the second key is not held by one writer")
	}
	b.Unlock()
	a.Unlock()
	<-done
	if n := k.Keys(); n != 0 {
		t.Errorf("%d keys are left", n)
	}
}

// TestKeyedUnlockMeetsGiveUp has the last waiter of a key give up while the key is unlocked, and others come: the entry
// must be taken out exactly once, and no goroutine may find one that was.
func TestKeyedUnlockMeetsGiveUp(t *testing.T) {
	for range locktest.Rounds(2000) {
		l := newKeyLock()
		l.Lock()
		ctx, cancel := context.WithCancel(t.Context())
		var inside atomic.Int32
		enter := func(lock func() bool) func() {
			return func() {
				if lock() {
					if inside.Add(1) != 1 {
						t.Error("two are inside")
					}
					runtime.Gosched()
					inside.Add(-1)
					l.Unlock()
				}
			}
		}
		var wg sync.WaitGroup
		wg.Go(enter(func() bool { return l.LockContext(ctx) == nil }))
		wg.Go(enter(func() bool { l.Lock(); return true }))
		wg.Go(enter(l.TryLock))
		wg.Go(cancel)
		runtime.Gosched()
		l.Unlock()
		wg.Wait()
		if n := l.K.Keys(); n != 1 {
			t.Fatalf("%d keys are in use, want 1", n)
		}
	}
}

// TestKeyedWrongUnlock shows that a wrong unlock panics and changes nothing.
func TestKeyedWrongUnlock(t *testing.T) {
	var k locks.Keyed[string]
	var rw locks.KeyedRW[string]
	k.Lock("a")
	rw.RLock("r")
	rw.Lock("w")
	for name, f := range map[string]func(){
		"Unlock":          func() { k.Unlock("b") },
		"UnlockAll":       func() { k.UnlockAll("a", "b") },
		"Unlock of RLock": func() { rw.Unlock("r") },
		"RUnlock of Lock": func() { rw.RUnlock("w") },
		"Downgrade":       func() { rw.Downgrade("r") },
		"RUnlockAll":      func() { rw.RUnlockAll("r", "w") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s did not panic", name)
				}
			}()
			f()
		}()
	}
	if k.TryLock("a") || rw.TryLock("r") || rw.TryRLock("w") || k.Keys() != 1 || rw.Keys() != 2 {
		t.Error("a wrong unlock has changed something")
	}
	k.Unlock("a")
	rw.RUnlock("r")
	rw.Unlock("w")
}

// TestKeyedOddKeys shows which keys cannot be locked.
func TestKeyedOddKeys(t *testing.T) {
	var f locks.Keyed[float64]
	var a locks.Keyed[any]
	for name, op := range map[string]func(){
		"Lock of a NaN":       func() { f.Lock(math.NaN()) },
		"TryLock of a NaN":    func() { f.TryLock(math.NaN()) },
		"LockAll with a NaN":  func() { f.LockAll(1, math.NaN(), 2) },
		"Lock of a slice":     func() { a.Lock([]int{}) },
		"LockAll with a func": func() { a.LockAll(1, func() {}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s did not panic", name)
				}
			}()
			op()
		}()
	}
	if f.Keys()+a.Keys() != 0 {
		t.Error("keys are left")
	}
	f.Lock(0)
	if f.TryLock(math.Copysign(0, -1)) {
		t.Error("0 and -0 are two keys")
	}
	f.Unlock(math.Copysign(0, -1))
	a.LockAll("a", 1, nil, "a", struct{ s string }{"x"})
	a.UnlockAll("a", 1, nil, struct{ s string }{"x"})
	if a.Keys() != 0 {
		t.Error("keys are left")
	}
}

// TestKeyedAll locks sets of keys in all forms, in any order, with duplicates, beside others.
func TestKeyedAll(t *testing.T) {
	var k locks.Keyed[int]
	var inside [20]atomic.Int32
	var wg sync.WaitGroup
	for i := range 8 {
		random := rand.New(rand.NewPCG(1, uint64(i)))
		wg.Go(func() {
			for range locktest.Rounds(1000) {
				keys := make([]int, random.IntN(len(inside)))
				for i := range keys {
					keys[i] = random.IntN(len(inside))
				}
				ctx, cancel := locktest.Briefly(random)
				ok := true
				switch random.IntN(4) {
				case 0:
					k.LockAll(keys...)
				case 1:
					ok = k.TryLockAll(keys...)
				case 2:
					ok = k.LockAllContext(ctx, keys...) == nil
				case 3:
					ok = k.TryLockAllFor(time.Duration(random.IntN(50))*time.Microsecond, keys...)
				}
				cancel()
				if !ok {
					continue
				}
				once := map[int]bool{}
				for _, key := range keys {
					if !once[key] && inside[key].Add(1) != 1 {
						t.Errorf("two have key %d", key)
					}
					once[key] = true
				}
				for key := range once {
					inside[key].Add(-1)
				}
				k.UnlockAll(keys...)
			}
		})
	}
	wg.Wait()
	if n := k.Keys(); n != 0 {
		t.Errorf("%d keys are left", n)
	}
	var rw locks.KeyedRW[int]
	rw.RLockAll(1, 2, 3)
	if !rw.TryRLockAll(3, 2, 2) || rw.TryLockAll(4, 3) || rw.TryLockAllFor(1, 5, 1) || rw.Keys() != 3 {
		t.Error("readers exclude each other, or not writers")
	}
	rw.RUnlockAll(2, 3)
	rw.RUnlockAll(3, 2, 1)
	if n := rw.Keys(); n != 0 {
		t.Errorf("%d keys are left", n)
	}
}

// TestKeyedAllocations checks that a call that need not wait allocates nothing.
func TestKeyedAllocations(t *testing.T) {
	if race.Enabled || locks.Debugging {
		t.Skip("each key has an entry of its own in this build")
	}
	var k locks.Keyed[string]
	var rw locks.KeyedRW[int]
	for name, op := range map[string]func(){
		"Lock":       func() { k.Lock("a"); k.Unlock("a") },
		"TryLockFor": func() { k.TryLockFor("a", time.Second); k.Unlock("a") },
		"LockAll":    func() { k.LockAll("a", "b", "c"); k.UnlockAll("c", "b", "a") },
		"RLock":      func() { rw.RLock(1); rw.RLock(1); rw.RUnlock(1); rw.RUnlock(1) },
		"in the tree": func() {
			rw.LockAll(1, 2, 3, 4)
			rw.UnlockAll(1, 2, 3, 4)
		},
	} {
		op()
		if n := allocs.PerRun(t, 100, op); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
