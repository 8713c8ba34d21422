// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

type ordering struct {
	mu    shared.Mutex
	rw    shared.RWMutex
	event shared.Event
	once  shared.Once
	cond  shared.Cond
	sem   shared.Semaphore
	bar   shared.Barrier
	step  atomic.Int32 // in the region, so that it orders nothing for the race detector
}

// TestRaceOrder changes variables of the process under locks of a region. The race detector does not see these, so it reports
// each order that it was not told of.
func TestRaceOrder(t *testing.T) {
	p, _ := placed[ordering](t)
	for _, test := range []struct {
		name string
		with func(write func(), read func(), i int) error
	}{
		{"Mutex", func(write, read func(), i int) error {
			if err := p.mu.Lock(); err != nil {
				return err
			}
			write()
			p.mu.Unlock()
			return nil
		}},
		{"RWMutex", func(write, read func(), i int) error {
			if i%3 > 0 {
				if err := p.rw.RLock(); err != nil {
					return err
				}
				read()
				p.rw.RUnlock()
				return nil
			}
			if err := p.rw.Lock(); err != nil {
				return err
			}
			write()
			p.rw.Unlock()
			return nil
		}},
		{"Semaphore", func(write, read func(), i int) error {
			if err := errors.Join(p.sem.Init(1), p.sem.Acquire(1)); err != nil {
				return err
			}
			write()
			return p.sem.Release(1)
		}},
		{"Barrier", func(write, read func(), i int) error {
			if err := p.bar.Init(12); err != nil {
				return err
			}
			if i == 0 {
				write()
			}
			if _, err := p.bar.Wait(); err != nil {
				return err
			}
			read()
			return nil
		}},
		{"Event", func(write, read func(), i int) error {
			if i == 0 {
				write()
				return p.event.Set()
			}
			if err := p.event.Wait(); err != nil {
				return err
			}
			read()
			return nil
		}},
		{"Once", func(write, read func(), i int) error {
			if err := p.once.Do(write); err != nil {
				return err
			}
			read()
			return nil
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var wg sync.WaitGroup
			n, seen := 0, [12]int{}
			for i := range seen {
				wg.Go(func() {
					runtime.Gosched()
					if err := test.with(func() { n++ }, func() { seen[i] = n }, i); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		})
	}
}

// TestRaceOrderRare is TestRaceOrder for orders that arise rarely by themselves.
func TestRaceOrderRare(t *testing.T) {
	for _, test := range []struct {
		name string
		a    func(p *ordering, x *int, step func(int32)) // begins
		b    func(p *ordering, x *int, step func(int32)) // begins once a is at step 1
	}{
		{"a reader beside others", func(p *ordering, x *int, step func(int32)) {
			p.rw.Lock()
			*x = 1
			p.rw.Unlock()
			p.rw.RLock()
			step(2)
			p.rw.RUnlock()
		}, func(p *ordering, x *int, step func(int32)) {
			p.rw.RLock()
			_ = *x
			p.rw.RUnlock()
			step(2)
		}},
		{"IsSet", func(p *ordering, x *int, step func(int32)) {
			*x = 1
			p.event.Set()
			step(1)
		}, func(p *ordering, x *int, step func(int32)) {
			p.event.IsSet()
			_ = *x
		}},
		{"Reset", func(p *ordering, x *int, step func(int32)) {
			*x = 1
			p.event.Set()
			step(1)
		}, func(p *ordering, x *int, step func(int32)) {
			p.event.Reset()
			_ = *x
		}},
		{"Signal", func(p *ordering, x *int, step func(int32)) {
			step(1)
			for shared.Waiting(&p.cond) == 0 {
				runtime.Gosched()
			}
			*x = 1
			p.cond.Signal()
		}, func(p *ordering, x *int, step func(int32)) {
			p.mu.Lock()
			p.cond.Wait(&p.mu)
			_ = *x
			p.mu.Unlock()
		}},
		{"a Do that waits", func(p *ordering, x *int, step func(int32)) {
			p.once.Do(func() {
				step(1)
				*x = 1
				time.Sleep(10 * time.Millisecond)
			})
		}, func(p *ordering, x *int, step func(int32)) {
			p.once.Do(func() {})
			_ = *x
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, _ := placed[ordering](t)
			x := 0
			reach := func(n int32) {
				p.step.Store(max(p.step.Load(), n))
			}
			var wg sync.WaitGroup
			wg.Go(func() {
				test.a(p, &x, func(n int32) {
					reach(1)
					for p.step.Load() < n {
						runtime.Gosched()
					}
				})
			})
			wg.Go(func() {
				for p.step.Load() < 1 {
					runtime.Gosched()
				}
				test.b(p, &x, reach)
			})
			wg.Wait()
		})
	}
}
