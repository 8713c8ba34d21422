// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package relock

import (
	"context"
	"sync"

	"github.com/osync-go/osync/locks"
)

type cache struct {
	rw sync.RWMutex
	mu locks.Mutex
	lw locks.RWMutex
	m  map[string]int
	up *cache
}

func (c *cache) twice() {
	c.rw.RLock()
	defer c.rw.RUnlock()
	c.rw.RLock() // want `this locks c.rw for reading, which this goroutine has locked for reading \(line \d+\) and not unlocked on some path: a writer that comes between`
	c.rw.RUnlock()
}

func (c *cache) branch(b bool) {
	c.lw.RLock()
	if b {
		c.lw.RUnlock()
	}
	c.lw.RLock() // want `this locks c.lw for reading`
}

func (c *cache) line() { c.rw.RLock(); c.rw.RLock() } // want `which this goroutine has locked for reading`

func (c *cache) upgrade() {
	c.rw.RLock()
	if c.m == nil {
		c.rw.Lock() // want `this locks c.rw, which this goroutine has locked for reading .* it waits for itself`
		c.m = map[string]int{}
		c.rw.Unlock()
	}
	c.rw.RUnlock()
}

func (c *cache) turns(keys []string) {
	for _, k := range keys {
		c.mu.Lock() // want `which an earlier turn of the loop has locked`
		if k == "" {
			continue
		}
		c.mu.Unlock()
	}
}

func (c *cache) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.m)
}

func (c *cache) calls() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.Len() == 0 { // want `c.Len locks c.mu, which this goroutine has locked \(line \d+\)`
		return nil
	}
	return nil
}

func (c *cache) limited(ctx context.Context) error {
	c.mu.Lock()
	return c.mu.LockContext(ctx) // want `this locks c.mu`
}

func (c *cache) downgrade() {
	c.lw.Lock()
	c.lw.Downgrade()
	c.lw.RLock() // want `this locks c.lw for reading, which this goroutine has locked for reading \(line \d+\)`
}

func (c *cache) right(write bool, other *cache, mode int) {
	if write {
		c.rw.Lock()
	} else {
		c.rw.RLock()
	}
	if write {
		c.rw.Unlock()
	} else {
		c.rw.RUnlock()
	}
	c.rw.RLock()
	other.rw.RLock()
	c.rw.RUnlock()
	locked := false
	if c.m != nil {
		c.mu.Lock()
		locked = true
	}
	if locked {
		c.mu.Unlock()
	}
	c.mu.Lock()
	c.mu.Unlock()
	switch mode {
	case 1:
		c.lw.RLock()
	case 2:
		c.lw.Lock()
	}
	switch mode {
	case 1:
		c.lw.RUnlock()
	case 2:
		c.lw.Unlock()
	}
	c.lw.Lock()
}

func (c *cache) correlated(err error, n int) {
	if err != nil {
		c.rw.RLock()
	}
	if err == nil {
		return
	}
	c.rw.RUnlock()
	if n > 0 {
		c.mu.Lock()
	}
	if n > 0 {
		c.mu.Unlock()
	}
	c.mu.Lock()
	n = 2
	if err != nil {
		c.mu.Unlock()
	}
	if err == nil {
		return
	}
	c.mu.Lock()
}

func (c *cache) flag() {
	held := false
	if c.m == nil {
		c.mu.Lock()
		held = true
		c.m = map[string]int{}
	}
	if !held {
		c.mu.Lock()
	}
	c.mu.Unlock()
}

func (c *cache) changed(n int) {
	if n > 0 {
		c.mu.Lock()
	}
	n--
	if n > 0 {
		c.mu.Unlock()
	}
	c.mu.Lock() // want `this locks c.mu`
}

func (c *cache) chain() {
	for c != nil {
		c.mu.Lock()
		c = c.up
	}
}

func all(caches []*cache) {
	for _, c := range caches {
		c.mu.Lock()
	}
	for i := range caches {
		caches[i].lw.Lock()
	}
}

func (c *cache) helper() {
	c.mu.Lock()
	c.unlock()
	c.mu.Lock()
}

func (c *cache) local() {
	unlock := func() { c.mu.Unlock() }
	c.mu.Lock()
	unlock()
	c.mu.Lock()
}

func (c *cache) unlock() { c.mu.Unlock() }

func (c *cache) closure() {
	c.lw.Lock()
	done := func() { c.lw.Unlock() }
	done()
	c.lw.Lock()
	go func() { c.lw.Unlock() }()
}

func (c *cache) fails(t interface{ Fatal() }) {
	for {
		c.rw.Lock()
		if c.m == nil {
			panic("no map")
		}
		c.rw.Unlock()
	}
}
