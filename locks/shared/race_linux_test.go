// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package shared_test

import (
	"runtime"
	"sync"
	"testing"

	"github.com/osync-go/osync/locks/shared"
)

type ordering struct {
	mu    shared.Mutex
	rw    shared.RWMutex
	event shared.Event
	once  shared.Once
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
