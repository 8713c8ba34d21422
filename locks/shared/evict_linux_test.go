// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"math/rand/v2"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

// TestEviction takes more locks than the keepers have room for. A lock that is held is in its keeper's list.
func TestEviction(t *testing.T) {
	defer shared.SetKeepers(5, 2)()
	r, err := shared.Anonymous(shared.SizeFor[[32]counters]())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	c0, err := shared.Map[[32]counters](r)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	end := time.Now().Add(less(300 * time.Millisecond))
	for g := range 6 {
		wg.Go(func() {
			for i := 0; i%16 > 0 || time.Now().Before(end); i++ {
				c := &c0[i%2] // is linked mostly, so that its fast path meets
				if g%2 == 0 {
					c = &c0[2+rand.IntN(len(c0)-2)] // the eviction that these lead to
				}
				if i%8 == 0 {
					if ok, err := c.mu.TryLock(); err != nil {
						t.Error(err)
						return
					} else if !ok {
						continue
					}
				} else if err := c.mu.Lock(); err != nil {
					t.Error(err)
					return
				}
				if !c.mu.Linked() {
					t.Error("a lock is held, and not in its keeper's list")
					c.mu.Unlock()
					return
				}
				c.a++
				c.mu.Unlock()
			}
		})
	}
	wg.Wait()
}

// TestEvictionSteps locks and unlocks a lock between the steps of its eviction.
func TestEvictionSteps(t *testing.T) {
	r, err := shared.Anonymous(shared.SizeFor[shared.Mutex]())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	m, err := shared.Map[shared.Mutex](r)
	if err != nil {
		t.Fatal(err)
	}
	lock := func() {
		if err := m.Lock(); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name         string
		first, after func()
	}{
		{"locked before", lock, func() {}},
		{"locked and unlocked before", lock, m.Unlock},
	} {
		t.Run(c.name, func(t *testing.T) {
			lock()
			m.Unlock()
			shared.Evict(func(step int) {
				if step == 1 {
					c.first()
				} else {
					c.after()
				}
			})
			if c.name != "locked before" {
				lock()
			}
			if !m.Linked() {
				t.Error("the lock is held and not linked")
			}
			m.Unlock()
		})
	}
	t.Run("locked after", func(t *testing.T) {
		if ok, err := m.LockEvicted(); !ok || err != nil {
			t.Fatal(ok, err)
		}
		if !m.Linked() {
			t.Error("the lock is held and not linked")
		}
		m.Unlock()
	})
}

// TestEvictionFast has one goroutine evict a lock all the time that another takes by the fast path.
func TestEvictionFast(t *testing.T) {
	r, err := shared.Anonymous(shared.SizeFor[shared.Mutex]())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	m, err := shared.Map[shared.Mutex](r)
	if err != nil {
		t.Fatal(err)
	}
	var done atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		for !done.Load() {
			shared.Evict(nil)
		}
	})
	for end := time.Now().Add(less(200 * time.Millisecond)); time.Now().Before(end) && !t.Failed(); {
		for range 100 {
			if err := m.Lock(); err != nil {
				t.Fatal(err)
			}
			if !m.Linked() {
				t.Error("the lock is held and not linked")
			}
			m.Unlock()
		}
	}
	done.Store(true)
	wg.Wait()
}

type evicted [100_000]shared.Mutex

// TestManyLocks takes 100,000 locks one after the other, and 5,000 at once.
func TestManyLocks(t *testing.T) {
	r, err := shared.Anonymous(shared.SizeFor[evicted]())
	if err != nil {
		t.Fatal(err)
	}
	m, err := shared.Map[evicted](r)
	if err != nil {
		t.Fatal(err)
	}
	before := threads(t)
	for i := range m {
		if err := m[i].Lock(); err != nil {
			t.Fatal(i, err)
		}
		m[i].Unlock()
	}
	if n := threads(t) - before; n > 25 { // without eviction 50 keepers, and Go's runtime starts some threads of its own
		t.Errorf("%d threads more", n)
	}
	for i := range 5_000 {
		if err := m[i].Lock(); err != nil {
			t.Fatal(i, err)
		}
	}
	for i := range 5_000 {
		if i%1000 == 0 && !m[i].Linked() {
			t.Error(i, "is held and not linked")
		}
		m[i].Unlock()
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

type evictees [64]counters

func init() {
	roles["evict"] = func(args []string) error {
		shared.SetKeepers(4, 1)
		r, err := shared.Open(args[0])
		if err != nil {
			return err
		}
		c, err := shared.Map[evictees](r)
		if err != nil {
			return err
		}
		failed := make(chan error)
		for range 4 {
			go func() {
				for {
					if err := add(&c[rand.IntN(len(c))]); err != nil {
						failed <- err
					}
				}
			}()
		}
		return <-failed
	}
}

// TestKillEviction kills processes that evict locks all the time.
func TestKillEviction(t *testing.T) {
	name := filepath.Join(t.TempDir(), "region")
	r, err := shared.Create(name, shared.SizeFor[evictees]())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	c, err := shared.Map[evictees](r)
	if err != nil {
		t.Fatal(err)
	}
	sum := func() (n int64) {
		for i := range c {
			if err := add(&c[i]); err != nil {
				t.Fatal(err)
			}
			n += c[i].a
		}
		return n
	}
	for range less(20) {
		cmd := process(t, "evict", name)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for n := sum(); ; { // until the process has added, too
			before := n
			if n = sum(); n > before+int64(len(c)) {
				break
			}
		}
		time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond)
		cmd.Process.Kill()
		cmd.Wait()
		sum()
	}
	deaths := int64(0)
	for i := range c {
		deaths += c[i].died.Load()
	}
	t.Logf("%d deaths of an owner, %d additions", deaths, sum())
}
