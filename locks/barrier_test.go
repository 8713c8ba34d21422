// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"math"
	"math/bits"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
)

// TestBarrier goes through many rounds. Each has one leader, and after it all parties read what each wrote
// before it to a plain variable.
func TestBarrier(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		const parties = 5
		b := locks.NewBarrier(parties)
		var news [parties]int
		leaders, want := 0, locktest.Rounds(2000)
		for i := range parties {
			c.Start(func() {
				for round := range want {
					news[i] = round
					var leader bool
					var err error
					switch (i + round) % 4 {
					case 0:
						leader, err = b.Wait()
					case 1:
						leader, err = b.WaitFor(math.MaxInt64)
					case 2:
						leader, err = b.WaitContext(t.Context())
					case 3:
						leader, err = b.WaitLimit(park.Until(time.Now().Add(time.Hour)))
					}
					if err != nil {
						t.Errorf("round %d: %v", round, err)
					}
					if leader {
						leaders++ // the next Wait comes before the next leader
					}
					for j, n := range news {
						if n != round {
							t.Errorf("party %d is in round %d, and number %d in %d", i, round, j, n)
						}
					}
					b.Wait() // until all have looked
				}
			})
		}
		c.Join()
		if leaders != want {
			t.Errorf("%d leaders in %d rounds", leaders, want)
		}
		c.Idle(b, 0)
	})
}

// TestBarrierLeaderIsLast shows that the last party leads, and that a barrier of one never blocks.
func TestBarrierLeaderIsLast(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		b := locks.NewBarrier(3)
		for range 2 {
			c.StartWaiting(b, func() {
				if leader, err := b.Wait(); leader || err != nil {
					t.Errorf("Wait of one that is not the last party = %v, %v", leader, err)
				}
			})
		}
		if leader, err := b.WaitFor(0); !leader || err != nil {
			t.Errorf("WaitFor(0) of the last party = %v, %v", leader, err)
		}
		c.Join()
		one := locks.NewBarrier(1)
		for range 2 {
			if leader, err := one.Wait(); !leader || err != nil {
				t.Errorf("Wait of the only party = %v, %v", leader, err)
			}
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if leader, err := one.WaitContext(ended); leader || !errors.Is(err, context.Canceled) {
			t.Errorf("WaitContext of the last party, with a context that has ended = %v, %v", leader, err)
		}
		if _, err := one.WaitContext(t.Context()); err != locks.ErrBroken {
			t.Errorf("WaitContext after that = %v, want ErrBroken", err)
		}
	})
}

// TestBarrierBreaks lets one party give up, in each way.
func TestBarrierBreaks(t *testing.T) {
	cause := errors.New("the cause")
	for name, giveUp := range map[string]func(t *testing.T, b *locks.Barrier){
		"cancelled": func(t *testing.T, b *locks.Barrier) {
			ctx, cancel := context.WithCancelCause(t.Context())
			go func() {
				locktest.Eventually(t, "it waits", func() bool { return b.Waiting() == 3 })
				cancel(cause)
			}()
			if leader, err := b.WaitContext(ctx); leader || !errors.Is(err, cause) {
				t.Errorf("WaitContext = %v, %v", leader, err)
			}
		},
		"cancelled before": func(t *testing.T, b *locks.Barrier) {
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(cause)
			if leader, err := b.WaitContext(ctx); leader || !errors.Is(err, cause) {
				t.Errorf("WaitContext = %v, %v", leader, err)
			}
		},
		"deadline": func(t *testing.T, b *locks.Barrier) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			defer cancel()
			if leader, err := b.WaitContext(ctx); leader || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("WaitContext = %v, %v", leader, err)
			}
		},
		"limit that is over": func(t *testing.T, b *locks.Barrier) {
			if leader, err := b.WaitLimit(park.Until(time.Unix(1, 0))); leader || !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("WaitLimit = %v, %v", leader, err)
			}
		},
		"limit by a context": func(t *testing.T, b *locks.Barrier) {
			ctx, cancel := context.WithCancelCause(t.Context())
			go func() {
				locktest.Eventually(t, "it waits", func() bool { return b.Waiting() == 3 })
				cancel(cause)
			}()
			if leader, err := b.WaitLimit(park.Context(ctx)); leader || !errors.Is(err, cause) {
				t.Errorf("WaitLimit = %v, %v", leader, err)
			}
		},
		"time-out":      func(t *testing.T, b *locks.Barrier) { waitForNothing(t, b, time.Millisecond) },
		"no time":       func(t *testing.T, b *locks.Barrier) { waitForNothing(t, b, 0) },
		"negative time": func(t *testing.T, b *locks.Barrier) { waitForNothing(t, b, math.MinInt64) },
	} {
		t.Run(name, func(t *testing.T) {
			locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
				b := locks.NewBarrier(4)
				c.StartWaiting(b, func() {
					if leader, err := b.WaitContext(context.Background()); leader || err != locks.ErrBroken {
						t.Errorf("another party's WaitContext = %v, %v, want ErrBroken", leader, err)
					}
				})
				c.StartWaiting(b, func() {
					if leader, err := b.WaitFor(time.Hour); leader || err != locks.ErrBroken {
						t.Errorf("another party's WaitFor = %v, %v, want ErrBroken", leader, err)
					}
				})
				giveUp(c.T, b)
				c.Join()
				if n := b.Waiting(); n != 0 {
					t.Errorf("%d wait at a broken barrier", n)
				}
				if leader, err := b.WaitContext(t.Context()); leader || err != locks.ErrBroken {
					t.Errorf("WaitContext after the break = %v, %v, want ErrBroken", leader, err)
				}
				if leader, err := b.WaitFor(time.Hour); leader || err != locks.ErrBroken {
					t.Errorf("WaitFor after the break = %v, %v, want ErrBroken", leader, err)
				}
				if leader, err := b.Wait(); leader || err != locks.ErrBroken {
					t.Errorf("Wait after the break = %v, %v, want ErrBroken", leader, err)
				}

				b.Reset()
				for range 3 {
					c.StartWaiting(b, func() { b.Wait() })
				}
				if leader, err := b.Wait(); !leader || err != nil {
					t.Errorf("Wait of the last party after Reset = %v, %v", leader, err)
				}
				c.Join()
				c.Idle(b, 0)
			})
		})
	}
}

func waitForNothing(t *testing.T, b *locks.Barrier, d time.Duration) {
	t.Helper()
	if leader, err := b.WaitFor(d); leader || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("WaitFor(%v) = %v, %v", d, leader, err)
	}
}

// TestBarrierReset resets a barrier at which two wait.
func TestBarrierReset(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		b := locks.NewBarrier(3)
		for range 2 {
			c.StartWaiting(b, func() {
				if leader, err := b.WaitContext(t.Context()); leader || err != locks.ErrBroken {
					t.Errorf("WaitContext = %v, %v, want ErrBroken", leader, err)
				}
			})
		}
		b.Reset()
		c.Join()
		c.Idle(b, 0)
		b.Reset()
		c.Idle(b, 0)
	})
}

// TestBarrierStress lets parties give up at random, and reset the barrier. A round succeeds for all parties
// or for none, and has one leader, so there are as many successes as leaders times parties.
func TestBarrierStress(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		const parties, workers = 3, 5
		b := locks.NewBarrier(parties)
		var leaders, successes, breaks atomic.Int64
		for i := range workers {
			random := c.Random(i)
			c.Start(func() {
				for range c.Repeat(locktest.Rounds(2000)) {
					var leader bool
					var err error
					if random.IntN(2) == 0 {
						ctx, cancel := locktest.Briefly(random)
						leader, err = b.WaitContext(ctx)
						cancel()
					} else {
						// The others may have ended, so this wait must end, too.
						leader, err = b.WaitFor(time.Duration(random.IntN(200_000)))
					}
					if leader {
						leaders.Add(1)
					}
					if err == nil {
						successes.Add(1)
						continue
					}
					breaks.Add(1)
					if random.IntN(4) == 0 {
						b.Reset()
					}
				}
			})
		}
		c.Join()
		t.Logf("%d rounds, %d waits failed", leaders.Load(), breaks.Load())
		if successes.Load() != leaders.Load()*parties {
			t.Errorf("%d parties went on in %d rounds of %d", successes.Load(), leaders.Load(), parties)
		}
		b.Reset()
		c.Idle(b, 0)
	})
}

// TestBarrierLastOrNever lets the last party arrive as another one gives up: the round succeeds for all
// or is broken for all.
func TestBarrierLastOrNever(t *testing.T) {
	locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
		var whole, broken int
		for range locktest.Rounds(500) {
			b := locks.NewBarrier(3)
			ctx, cancel := context.WithCancel(t.Context())
			var errs [3]error
			c.StartWaiting(b, func() { _, errs[0] = b.WaitContext(ctx) })
			c.StartWaiting(b, func() { _, errs[1] = b.WaitContext(t.Context()) })
			c.Start(cancel)
			c.Start(func() { _, errs[2] = b.WaitContext(t.Context()) })
			c.Join()
			switch {
			case errs == [3]error{}:
				whole++
			case errors.Is(errs[0], context.Canceled) && errs[1] == locks.ErrBroken && errs[2] == locks.ErrBroken:
				broken++
			default:
				t.Fatalf("the three waits returned %v", errs)
			}
		}
		t.Logf("%d rounds succeeded, %d were broken", whole, broken)
	})
}

func TestBarrierMisuse(t *testing.T) {
	const tooFew = "locks: Barrier of less than one party"
	locktest.Panics(t, "a barrier of none", tooFew, func() { locks.NewBarrier(0) })
	locktest.Panics(t, "a barrier of less", tooFew, func() { locks.NewBarrier(math.MinInt) })
	if bits.UintSize == 64 {
		tooMany := math.MaxInt32
		tooMany++
		locktest.Panics(t, "a barrier of many", "locks: Barrier of too many parties", func() { locks.NewBarrier(tooMany) })
	}
	locktest.Panics(t, "the zero value", "locks: Barrier that was not made by NewBarrier", func() { new(locks.Barrier).Wait() })
	if _, err := locks.NewBarrier(math.MaxInt32).WaitFor(0); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("WaitFor(0) of one of many parties: %v", err)
	}
	b := locks.NewBarrier(1)
	var none context.Context
	locktest.Panics(t, "a nil context", "locks: nil context", func() { b.WaitContext(none) })
	if _, err := b.Wait(); err != nil {
		t.Errorf("Wait after a nil context: %v", err)
	}
}
