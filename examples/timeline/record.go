// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/clock"
	"github.com/osync-go/osync/locks/thread"
)

// A span is one acquisition: wanted, got and given back, since the begin.
type span struct {
	worker          int
	shared          bool
	want, got, done time.Duration
}

// A recording is all that happened.
type recording struct {
	title    string // the lock
	config   config
	shared   int // so many may share the lock; 0: one has it alone
	spans    []span
	broken   int64 // how often a holder found others inside that must not be
	overfull bool  // it ended early
}

// maxSpans is how many acquisitions of one worker are recorded.
const maxSpans = 10_000

// record lets the workers contend until the time is up.
func record(l contended, title string, c config) (*recording, error) {
	r := &recording{title: title, config: c, shared: l.shared}
	var in inside
	var full atomic.Bool
	spans := make([][]span, c.workers)
	start := make(chan clock.Moment, c.workers)
	var ready sync.WaitGroup
	var joins []func() error
	for i := range c.workers {
		ready.Add(1)
		joins = append(joins, launch(c.threads, func() error {
			mine := make([]span, 0, maxSpans) // the recording allocates nothing
			ready.Done()
			begin := <-start
			for len(mine) < maxSpans && !full.Load() {
				s := span{worker: i, shared: rand.N(100) >= l.writes, want: begin.Elapsed()}
				if s.want >= c.duration {
					break
				}
				l.acquire(s.shared)
				s.got = begin.Elapsed()
				in.enter(s.shared, l.shared)
				s.done = busy(begin, s.got+c.work)
				in.leave(s.shared)
				l.release(s.shared)
				mine = append(mine, s)
				for begin.Elapsed() < s.done+c.rest {
					runtime.Gosched() // there are more goroutines than processors
				}
			}
			if len(mine) == maxSpans {
				full.Store(true)
			}
			spans[i] = mine
			return nil
		}))
	}
	ready.Wait()
	begin := clock.Now()
	for range c.workers {
		start <- begin
	}
	var errs []error
	for _, join := range joins {
		errs = append(errs, join())
	}
	r.spans, r.broken, r.overfull = slices.Concat(spans...), in.broken.Load(), full.Load()
	slices.SortFunc(r.spans, func(a, b span) int { return cmp.Compare(a.got, b.got) })
	return r, errors.Join(errs...)
}

// launch starts a goroutine or a pinned thread, and returns how to wait for its end.
func launch(pinned bool, f func() error) (join func() error) {
	if pinned {
		return thread.Spawn(f).Join
	}
	done := make(chan error, 1)
	go func() { done <- f() }()
	return func() error { return <-done }
}

// busy works until the clock says so, and returns the time.
func busy(begin clock.Moment, until time.Duration) time.Duration {
	now := begin.Elapsed()
	for now < until {
		now = begin.Elapsed()
	}
	return now
}

// inside counts the holders of the lock: whatever the clocks say, it knows if a holder is not
// alone.
type inside struct {
	holders, sharers, broken atomic.Int64
}

func (in *inside) enter(shared bool, limit int) {
	if shared {
		if in.sharers.Add(1) > int64(limit) || in.holders.Load() > 0 {
			in.broken.Add(1)
		}
	} else if in.holders.Add(1) > 1 || in.sharers.Load() > 0 {
		in.broken.Add(1)
	}
}

func (in *inside) leave(shared bool) {
	if shared {
		in.sharers.Add(-1)
	} else {
		in.holders.Add(-1)
	}
}

// skew is how far the clocks of two processors may be apart.
const skew = time.Microsecond

// check returns an error if the lock was held by more than may hold it.
func (r *recording) check() error {
	if r.broken > 0 {
		return fmt.Errorf("%s: %d times a holder found others inside", r.title, r.broken)
	}
	var holding []span
	for _, s := range r.spans { // in the order of got
		holding = slices.DeleteFunc(holding, func(h span) bool { return h.done <= s.got+skew })
		for _, h := range holding {
			if !h.shared || !s.shared {
				return fmt.Errorf("%s: %s got it at %v, and %s had it until %v", r.title,
					r.worker(s.worker), s.got, r.worker(h.worker), h.done)
			}
		}
		if holding = append(holding, s); s.shared && len(holding) > r.shared {
			return fmt.Errorf("%s: %d had it at %v, and at most %d may", r.title, len(holding), s.got, r.shared)
		}
	}
	return nil
}

// worker returns the name of a worker.
func (r *recording) worker(i int) string {
	if r.config.threads {
		return fmt.Sprintf("thread %d", i+1)
	}
	return fmt.Sprintf("goroutine %d", i+1)
}

// workers returns how many they are, with the word for them.
func (r *recording) workers() string {
	word := "goroutine"
	if r.config.threads {
		word = "pinned thread"
	}
	if r.config.workers > 1 {
		word += "s"
	}
	return fmt.Sprintf("%d %s", r.config.workers, word)
}

// end returns when the last one gave the lock back.
func (r *recording) end() time.Duration {
	end := r.config.duration
	for _, s := range r.spans {
		end = max(end, s.done)
	}
	return end
}
