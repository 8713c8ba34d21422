// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

type counters struct {
	mu      shared.Mutex
	rw      shared.RWMutex
	a, b    int64
	died    atomic.Int64
	longest atomic.Int64 // wait of a worker, in ns
}

var kills = flag.Int("kills", 100, "how many processes each of the tests with random kills kills, or a tenth of that")

func init() {
	roles["count"] = func(args []string) error { return count(args, add) }
	roles["rwcount"] = func(args []string) error { return count(args, addOrRead) }
}

// count adds to the counters until it is killed.
func count(args []string, add func(*counters) error) error {
	c, _, err := opened[counters](args[0])
	if err != nil {
		return err
	}
	fmt.Println("ready")
	failed := make(chan error)
	for range 4 {
		go func() {
			for {
				began := time.Now()
				if err := add(c); err != nil {
					failed <- err
				}
				took := int64(time.Since(began))
				for old := c.longest.Load(); took > old && !c.longest.CompareAndSwap(old, took); old = c.longest.Load() {
				}
			}
		}()
	}
	return <-failed
}

func add(c *counters) error {
	switch err := c.mu.Lock(); {
	case errors.Is(err, shared.ErrOwnerDied):
		if d := c.a - c.b; d != 0 && d != 1 {
			return fmt.Errorf("after a death the counters are %d and %d", c.a, c.b)
		}
		c.b = c.a
		c.died.Add(1)
		c.mu.Consistent()
	case err != nil:
		return err
	}
	if c.a != c.b {
		return fmt.Errorf("the counters are %d and %d", c.a, c.b)
	}
	c.a++
	c.b++
	c.mu.Unlock()
	return nil
}

func addOrRead(c *counters) error {
	if rand.IntN(8) > 0 {
		switch err := c.rw.RLock(); {
		case err == nil:
			a, b := c.a, c.b
			c.rw.RUnlock()
			if a != b {
				return fmt.Errorf("a reader sees %d and %d", a, b)
			}
			return nil
		case !errors.Is(err, shared.ErrOwnerDied):
			return err
		}
	}
	return addRW(c)
}

func addRW(c *counters) error {
	switch err := c.rw.Lock(); {
	case errors.Is(err, shared.ErrOwnerDied):
		if d := c.a - c.b; d != 0 && d != 1 {
			return fmt.Errorf("after a death the counters are %d and %d", c.a, c.b)
		}
		c.b = c.a
		c.died.Add(1)
		c.rw.Consistent()
	case err != nil:
		return err
	}
	if c.a != c.b {
		return fmt.Errorf("a writer sees %d and %d", c.a, c.b)
	}
	c.a++
	c.b++
	c.rw.Unlock()
	return nil
}

// TestKill kills processes that add at random times.
func TestKill(t *testing.T)   { testKill(t, "count", add) }
func TestKillRW(t *testing.T) { testKill(t, "rwcount", addOrRead) }

func testKill(t *testing.T, role string, add func(*counters) error) {
	c, name := placed[counters](t)
	var workers [3]*exec.Cmd
	for i := range workers {
		workers[i] = worker(t, role, name)
	}
	var longest time.Duration
	p := progress{what: t.Name(), all: *kills}
	for n := range *kills {
		p.at(n)
		i := rand.IntN(len(workers))
		time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond)
		if err := kill(workers[i]); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if err := within(func() error { return add(c) }); err != nil {
			t.Fatal(err)
		}
		longest = max(longest, time.Since(began))
		workers[i] = worker(t, role, name)
	}
	for _, w := range workers {
		if err := kill(w); err != nil {
			t.Fatal(err)
		}
	}
	if err := within(func() error { return add(c) }); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d kills, %d of an owner, %d additions, longest wait %v, of a worker %v",
		*kills, c.died.Load(), c.a, longest, time.Duration(c.longest.Load()))
}

func BenchmarkMutex(b *testing.B) {
	c, _ := placed[counters](b)
	for range b.N {
		c.mu.Lock()
		c.mu.Unlock()
	}
}

func BenchmarkRWMutex(b *testing.B) {
	c, _ := placed[counters](b)
	b.Run("write", func(b *testing.B) {
		for range b.N {
			c.rw.Lock()
			c.rw.Unlock()
		}
	})
	b.Run("read", func(b *testing.B) {
		for range b.N {
			c.rw.RLock()
			c.rw.RUnlock()
		}
	})
	b.Run("read again", func(b *testing.B) {
		c.rw.RLock()
		defer c.rw.RUnlock()
		for range b.N {
			c.rw.RLock()
			c.rw.RUnlock()
		}
	})
}
