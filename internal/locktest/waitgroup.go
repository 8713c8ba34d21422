// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"context"
	"errors"
	"math"
	"sync/atomic"
	"testing"
	"time"
)

// A Group is a wait group: it has the methods of *sync.WaitGroup.
type Group interface {
	Add(delta int)
	Done()
	Wait()
	Go(f func())
}

type timedGroup interface {
	Group
	WaitFor(d time.Duration) bool
}

type contextGroup interface {
	Group
	WaitContext(ctx context.Context) error
}

// WaitGroup checks a wait group. make returns a new one, with the counter 0.
func WaitGroup(t *testing.T, make func() Group, options ...Option) {
	run(t, groupChecks(make()), make, options)
}

func groupChecks(g Group) []check[Group] {
	checks := []check[Group]{
		{name: "Misuse", alone: true, run: func(e *env, make func() Group) {
			e.panicsWith("negative WaitGroup counter", func() { make().Done() })
			g := make()
			g.Add(2)
			e.panicsWith("negative WaitGroup counter", func() { g.Add(-3) })
			if !e.recoverable {
				return
			}
			g.Add(-2) // the group is as it was
			e.panicsWith("negative WaitGroup counter", g.Done)
			e.worker("Wait for nothing, after misuse", g.Wait)
		}},
		{name: "Allocations", alone: true, run: func(e *env, make func() Group) {
			g := make()
			e.noAllocs("Add, Done and Wait", func() {
				g.Add(1)
				g.Done()
				g.Wait()
			})
		}},
		{name: "Go", alone: true, run: checkGroupGo},
		{name: "Wait", run: checkGroupWait},
		{name: "ManyWaiters", run: checkGroupManyWaiters},
		{name: "Stress", run: func(e *env, make func() Group) {
			e.duringGC(func() { checkGroupWait(e, make) })
		}},
	}
	if _, ok := g.(timedGroup); ok {
		checks = append(checks, check[Group]{name: "WaitFor", run: checkGroupWaitFor})
	}
	if _, ok := g.(contextGroup); ok {
		checks = append(checks, check[Group]{name: "WaitContext", run: checkGroupWaitContext})
	}
	return checks
}

func checkGroupGo(e *env, make func() Group) {
	const n = 10
	g, results := make(), [n]int{} // plain, for the race detector
	for i := range n {
		g.Go(func() { results[i] = i })
	}
	e.finish("Wait for what Go has started", g.Wait)
	for i, got := range results {
		if got != i {
			e.Errorf("Wait returned before function %d", i)
		}
	}
}

// checkGroupWait uses one group again and again. The plain results prove to the race
// detector that Done synchronizes before the return of Wait.
func checkGroupWait(e *env, make func() Group) {
	const workers = 4
	g := make()
	g.Wait() // with the counter 0 it returns at once
	for round := range e.times(200) {
		c, results := e.crew(), [workers]int{}
		g.Add(workers)
		for i := range workers {
			c.start(func() {
				results[i] = round + 1
				g.Done()
			})
		}
		e.worker("Wait for workers", func() {
			g.Wait()
			for _, got := range results {
				if got != round+1 {
					e.Errorf("Wait returned before the last Done")
				}
			}
		})
		c.join("workers that say Done")
	}
}

func checkGroupManyWaiters(e *env, make func() Group) {
	n := e.many()
	g, c := make(), e.crew()
	var came, went atomic.Int32
	g.Add(2)
	for range n {
		c.start(func() {
			came.Add(1)
			g.Wait()
			went.Add(1)
		})
	}
	e.eventually("workers on their way to Wait", func() bool { return int(came.Load()) == n })
	g.Done()
	if w := went.Load(); w != 0 {
		e.Errorf("%d returned from Wait before the last Done", w)
	}
	g.Done()
	c.join("many that wait")
}

func checkGroupWaitFor(e *env, make func() Group) {
	g := make().(timedGroup)
	for _, d := range []time.Duration{math.MinInt64, -1, 0, 1, math.MaxInt64} {
		if !g.WaitFor(d) {
			e.Errorf("WaitFor(%d) failed with the counter 0", d)
		}
	}
	g.Add(1)
	for _, d := range []time.Duration{math.MinInt64, -1, 0, 1, 20 * time.Millisecond} {
		start := time.Now()
		if g.WaitFor(d) {
			e.Errorf("WaitFor(%d) succeeded with the counter 1", d)
		}
		e.took("WaitFor", start, max(d, 0))
	}
	c := e.crew()
	for _, d := range []time.Duration{time.Hour, math.MaxInt64 - 1, math.MaxInt64} {
		c.start(func() {
			if !g.WaitFor(d) {
				e.Errorf("WaitFor(%d) gave up", d)
			}
		})
	}
	g.Done()
	c.join("WaitFor after the last Done")

	for i := range e.times(300) { // a time-out meets the last Done
		random, c := e.rand(i), e.crew()
		g.Add(1)
		c.start(func() { g.WaitFor(time.Duration(random.IntN(30_000))) })
		c.start(g.Wait)
		c.start(g.Done)
		c.join("Wait beside a WaitFor that may give up")
	}
}

func checkGroupWaitContext(e *env, make func() Group) {
	g := make().(contextGroup)
	//lint:ignore SA1012 a nil context is what this is about
	e.panicsWith("nil context", func() { _ = g.WaitContext(nil) })
	if err := g.WaitContext(context.Background()); err != nil {
		e.Errorf("WaitContext with the counter 0: %v", err)
	}
	g.Add(1)
	if err := g.WaitContext(cancelled()); !errors.Is(err, errCause) {
		e.Errorf("WaitContext of an ended context returned %v, want its cause", err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	c := e.crew()
	c.start(func() {
		if err := g.WaitContext(ctx); !errors.Is(err, errCause) {
			e.Errorf("WaitContext that was cancelled returned %v, want its cause", err)
		}
	})
	time.Sleep(time.Millisecond) // so that it is asleep; nothing depends on it
	cancel(errCause)
	c.join("WaitContext that was cancelled")
	c = e.crew()
	c.start(func() {
		if err := g.WaitContext(context.Background()); err != nil {
			e.Errorf("WaitContext after the last Done: %v", err)
		}
	})
	g.Done()
	c.join("WaitContext after the last Done")
}
