// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// biased is a BiasedRWMutex with the methods of an RWMutex. It keeps the tokens of its readers: any of them
// releases any reader.
type biased struct {
	locks.BiasedRWMutex
	m      sync.Mutex
	tokens []locks.ReadToken
}

func (b *biased) keep(t locks.ReadToken) {
	b.m.Lock()
	b.tokens = append(b.tokens, t)
	b.m.Unlock()
}

func (b *biased) RLock() { b.keep(b.BiasedRWMutex.RLock()) }

func (b *biased) RUnlock() {
	var t locks.ReadToken
	b.m.Lock()
	if last := len(b.tokens) - 1; last >= 0 {
		t, b.tokens = b.tokens[last], b.tokens[:last]
	}
	b.m.Unlock()
	b.BiasedRWMutex.RUnlock(t)
}

func (b *biased) TryRLock() bool {
	t, ok := b.BiasedRWMutex.TryRLock()
	if ok {
		b.keep(t)
	}
	return ok
}

func (b *biased) TryRLockFor(d time.Duration) bool {
	t, ok := b.BiasedRWMutex.TryRLockFor(d)
	if ok {
		b.keep(t)
	}
	return ok
}

func (b *biased) RLockContext(ctx context.Context) error {
	t, err := b.BiasedRWMutex.RLockContext(ctx)
	if err == nil {
		b.keep(t)
	}
	return err
}

func TestBiasedRWMutex(t *testing.T) {
	locktest.RWMutex(t, func() locktest.RWLocker { return new(biased) }, locktest.Workers(pinned), locktest.Recoverable())
}

// TestBiasedRWMutexAlwaysBiased is the suite with a bias that comes back at once.
func TestBiasedRWMutexAlwaysBiased(t *testing.T) {
	if testing.Short() {
		t.Skip("TestStressBiasedRWMutex does the same in short")
	}
	t.Cleanup(locks.NeverInhibit())
	locktest.RWMutex(t, func() locktest.RWLocker { return new(biased) }, locktest.Workers(pinned), locktest.Recoverable())
}

// TestBiasedRWMutexOrder writes plain variables under the lock. The race detector checks the order.
func TestBiasedRWMutexOrder(t *testing.T) {
	t.Cleanup(locks.NeverInhibit())
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		var rw locks.BiasedRWMutex
		var count [2]int
		var reads atomic.Int64
		n := locktest.Rounds(2000)
		for i := range 6 {
			random := c.Random(i)
			c.Start(func() {
				for range c.Repeat(n) {
					if random.IntN(10) == 0 {
						rw.Lock()
						count[0]++
						count[1]++
						rw.Unlock()
						continue
					}
					t := rw.RLock()
					if count[0] != count[1] {
						c.Errorf("a reader found a half-made change: %v", count)
					}
					if t.Biased() {
						reads.Add(1)
					}
					rw.RUnlock(t)
				}
			})
		}
		c.Join()
		if reads.Load() == 0 {
			c.Error("no reader was biased")
		}
		c.Idle(&rw, 0)
	})
}

// TestBiasedRWMutexModes checks which readers are in slots, beside readers and after writers.
func TestBiasedRWMutexModes(t *testing.T) {
	var rw locks.BiasedRWMutex
	first := rw.RLock()
	second, ok := rw.TryRLock()
	third, okFor := rw.TryRLockFor(time.Second)
	fourth, err := rw.RLockContext(t.Context())
	if !ok || !okFor || err != nil {
		t.Fatal("readers keep readers out")
	}
	if first.Biased() || !second.Biased() || !third.Biased() || !fourth.Biased() {
		t.Error("want the first reader in the lock inside, and the others in slots")
	}
	for i, t1 := range []locks.ReadToken{first, second, third, fourth} {
		if rw.TryLock() || rw.TryLockFor(-1) || rw.TryLockFor(time.Microsecond) {
			t.Fatalf("a writer is in beside %d readers", 4-i)
		}
		if again, ok := rw.TryRLock(); !ok || !again.Biased() {
			t.Fatal("a writer that gave up has left readers without their slots")
		} else {
			rw.RUnlock(again)
		}
		rw.RUnlock(t1)
	}
	if !rw.TryLock() {
		t.Fatal("a writer is kept out of a free lock")
	}
	if _, ok := rw.TryRLock(); ok {
		t.Error("a reader is in beside a writer")
	}
	if _, ok := rw.TryRLockFor(time.Microsecond); ok {
		t.Error("a reader is in beside a writer")
	}
	rw.Unlock()
	locktest.Eventually(t, "the bias comes back", func() bool {
		t := rw.RLock()
		defer rw.RUnlock(t)
		return t.Biased()
	})
	if rw.Waiting() != 0 || rw.State() != 0 {
		t.Errorf("%d wait and the state is %x at the end", rw.Waiting(), rw.State())
	}
}

// TestBiasedRWMutexInhibits makes a writer wait for a reader, and measures how long readers go without
// their slots after that.
func TestBiasedRWMutexInhibits(t *testing.T) {
	var rw locks.BiasedRWMutex
	rw.RUnlock(rw.RLock())
	token := rw.RLock()
	locked := make(chan time.Time)
	go func() {
		rw.Lock()
		defer rw.Unlock()
		locked <- time.Now()
	}()
	locktest.Eventually(t, "the writer sleeps", func() bool { return rw.Waiting() == 1 })
	asleep := time.Now()
	time.Sleep(time.Millisecond) // so that there is something to multiply
	unlocked := time.Now()
	rw.RUnlock(token)
	end := (<-locked).Add(9 * unlocked.Sub(asleep)) // the writer began before it was seen
	for {
		token := rw.RLock()
		now := time.Now()
		rw.RUnlock(token)
		if token.Biased() {
			if now.Before(end) {
				t.Errorf("readers are back in their slots %v too early", end.Sub(now))
			}
			return
		}
		if now.After(end.Add(time.Minute)) {
			t.Fatal("readers are not back in their slots after a minute")
		}
		runtime.Gosched()
	}
}

// TestBiasedRWMutexGivesUp cancels writers that wait for readers in slots, in the lock inside, or
// both, while readers queue behind them.
func TestBiasedRWMutexGivesUp(t *testing.T) {
	cause := errors.New("enough")
	for _, inside := range []string{"slot", "inner", "both"} {
		locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
			var rw locks.BiasedRWMutex
			tokens := []locks.ReadToken{rw.RLock(), rw.RLock()}
			switch inside {
			case "slot":
				rw.RUnlock(tokens[0])
				tokens = tokens[1:]
			case "inner":
				rw.RUnlock(tokens[1])
				tokens = tokens[:1]
			}
			ctx, cancel := context.WithCancelCause(t.Context())
			c.StartWaiting(&rw, func() {
				if err := rw.LockContext(ctx); !errors.Is(err, cause) {
					c.Errorf("LockContext = %v, want the cause", err)
				}
			})
			if _, ok := rw.TryRLock(); ok {
				c.Error("a reader has overtaken a waiting writer")
			}
			for range 3 {
				c.StartWaiting(&rw, func() { rw.RUnlock(rw.RLock()) })
			}
			cancel(cause)
			c.Join()
			if rw.TryLock() {
				c.Error("a writer is in beside a reader")
			}
			for _, token := range tokens {
				rw.RUnlock(token)
			}
			if !rw.TryLock() {
				c.Error("a writer is kept out of a free lock")
			}
			rw.Unlock()
			c.Idle(&rw, 0)
		})
	}
}

// TestBiasedRWMutexLate stops readers in the middle of RLock and of RUnlock, while a writer comes.
func TestBiasedRWMutexLate(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		var rw locks.BiasedRWMutex
		rw.RUnlock(rw.RLock())
		stopped := rw.RLock()
		rw.RUnlock(stopped) // it has left its slot, and has yet to look for a writer
		inside := rw.RLock()
		wrote := make(chan bool, 1)
		c.StartWaiting(&rw, func() {
			rw.Lock()
			wrote <- true
		})
		rw.LateRUnlock(stopped)
		if rw.Waiting() != 1 || len(wrote) != 0 {
			c.Fatal("a late reader has let a writer in beside another reader")
		}
		rw.RUnlock(inside)
		<-wrote
		if _, ok := rw.LateRLock(stopped); ok { // it chose its slot before the writer came
			c.Error("a late reader is in beside a writer")
		}
		rw.Unlock()
		c.Join()
		c.Idle(&rw, 0)
	})
}

// TestStressBiasedRWMutex lets readers and writers of all forms meet, and counts how many are inside.
func TestStressBiasedRWMutex(t *testing.T) {
	const writer = 1 << 16
	t.Cleanup(locks.NeverInhibit()) // so that both kinds of readers meet writers all the time
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		var rw locks.BiasedRWMutex
		var inside, writes atomic.Int64
		version := 0
		read := func(random *rand.Rand) {
			if n := inside.Add(1); n >= writer {
				c.Errorf("a reader is inside with a writer")
			}
			seen := version
			if random.IntN(4) == 0 {
				runtime.Gosched()
			}
			if version != seen {
				c.Errorf("the value changes under a reader")
			}
			inside.Add(-1)
		}
		write := func(random *rand.Rand) {
			if n := inside.Add(writer); n != writer {
				c.Errorf("a writer is inside with %d", n-writer)
			}
			version++
			writes.Add(1)
			if random.IntN(4) == 0 {
				runtime.Gosched()
			}
			inside.Add(-writer)
			rw.Unlock()
		}
		n := locktest.Rounds(4000)
		for i := range 8 {
			random := c.Random(i)
			c.Start(func() {
				for range c.Repeat(n) {
					ctx, cancel := locktest.Briefly(random)
					d := time.Duration(random.IntN(50_000))
					switch random.IntN(12) {
					case 0:
						rw.Lock()
						write(random)
					case 1:
						if rw.TryLock() {
							write(random)
						}
					case 2:
						if rw.TryLockFor(d) {
							write(random)
						}
					case 3:
						if rw.LockContext(ctx) == nil {
							write(random)
						}
					case 4:
						if t, ok := rw.TryRLock(); ok {
							read(random)
							rw.RUnlock(t)
						}
					case 5:
						if t, ok := rw.TryRLockFor(d); ok {
							read(random)
							rw.RUnlock(t)
						}
					case 6:
						if t, err := rw.RLockContext(ctx); err == nil {
							read(random)
							rw.RUnlock(t)
						}
					default:
						t := rw.RLock()
						read(random)
						rw.RUnlock(t)
					}
					cancel()
				}
			})
		}
		c.Join()
		if int64(version) != writes.Load() || version == 0 {
			c.Errorf("the version is %d after %d writes", version, writes.Load())
		}
		c.Idle(&rw, 0)
	})
}

// TestBiasedRWMutexWrongToken gives back the tokens of a BiasedRWMutex in each wrong way that it can tell.
func TestBiasedRWMutexWrongToken(t *testing.T) {
	t.Cleanup(locks.NeverInhibit())
	const unlocked = "locks: RUnlock of unlocked BiasedRWMutex"
	var rw, other locks.BiasedRWMutex
	for _, l := range []*locks.BiasedRWMutex{&rw, &other} {
		l.RUnlock(l.RLock()) // now there are slots
	}
	token, foreign := rw.RLock(), other.RLock()
	if !token.Biased() || !foreign.Biased() {
		t.Fatal("the readers are in no slots")
	}
	held, others := rw.State(), other.State()
	locktest.Panics(t, "RUnlock with the token of another lock", "locks: RUnlock of a BiasedRWMutex with the token of another",
		func() { rw.RUnlock(foreign) })
	locktest.Panics(t, "RUnlock with no token", "locks: RUnlock of unlocked RWMutex", func() { rw.RUnlock(locks.ReadToken{}) })
	locktest.Panics(t, "Unlock of a reader", "locks: Unlock of unlocked RWMutex", rw.Unlock)
	if rw.State() != held || other.State() != others {
		t.Errorf("the words have changed from %x and %x to %x and %x", held, others, rw.State(), other.State())
	}
	rw.RUnlock(token)
	for range 2 {
		locktest.Panics(t, "a token given back twice", unlocked, func() { rw.RUnlock(token) })
	}
	if !rw.TryLock() {
		t.Fatal("the lock is not free")
	}
	locktest.Panics(t, "RUnlock beside a writer", unlocked, func() { rw.RUnlock(token) })
	stop := token.Trying()
	locktest.Panics(t, "RUnlock beside a writer and a reader that tries", unlocked, func() { rw.RUnlock(token) })
	stop()
	locktest.Panics(t, "RUnlock with no token, beside a writer", "locks: RUnlock of unlocked RWMutex", func() { rw.RUnlock(locks.ReadToken{}) })
	rw.Unlock()
	rw.RUnlock(rw.RLock())
	if rw.State() != 0 {
		t.Errorf("the words are %x at the end", rw.State())
	}
}
