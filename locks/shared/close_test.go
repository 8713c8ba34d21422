// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"testing"
	"time"

	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/shared"
)

// A straggling is a lock of which Straggler returns how one takes it that has read the process's id before Close.
type straggling interface {
	Lock() error
	TryLock() (bool, error)
	Unlock()
	Straggler() func() (bool, error)
	Free() bool
}

type closeable struct {
	mu, other shared.Mutex
	rw        shared.RWMutex
	once      shared.Once
	sem       shared.Semaphore
	bar       shared.Barrier
	closeableHere
}

func (c *closeable) locks() map[string]straggling {
	inner := shared.Inner(&c.once, &c.sem, &c.bar)
	all := map[string]straggling{"Mutex": &c.mu, "RWMutex": c.rw.W(), "Once": inner[0], "Semaphore": inner[1], "Barrier": inner[2]}
	c.addHere(all)
	return all
}

// TestCloseStragglers has a goroutine take each kind of lock when Close has seen that it is not held, at each step. No process
// finds it taken, or that an owner has died, when Close has returned.
func TestCloseStragglers(t *testing.T) {
	p, name := placed[closeable](t)
	other := &p.other
	for kind, here := range p.locks() {
		for step, when := range []string{1: "before the memory can only be read", 2: "after that", 3: "when it can be written again"} {
			if step == 0 || race.Enabled && step > 1 {
				continue
			}
			t.Run(kind+", "+when, func(t *testing.T) {
				q, r, err := opened[closeable](name)
				if err != nil {
					t.Fatal(err)
				}
				m := q.locks()[kind]
				for _, m := range []straggling{m, &q.other} {
					if locked, err := m.TryLock(); !locked || err != nil {
						t.Fatal(locked, err)
					}
					m.Unlock()
				}
				take, before, times := m.Straggler(), q.other.Straggler(), 0
				defer shared.Closing(func(at int) {
					if at == 1 && step == 3 { // else nothing is to be written
						before()
					}
					if at != step || times > 0 {
						return
					}
					times++
					locked, err := take()
					if locked || err != nil && err != shared.ErrClosed {
						t.Errorf("taken: %v, %v", locked, err)
					}
					if faults := step == 2; here.Free() != (faults || race.Enabled) {
						t.Errorf("the word is free: %v", here.Free())
					}
				})()
				if err := r.Close(); err != nil {
					t.Error(err)
				}
				if times != 1 {
					t.Errorf("Close was at the step %d times", times)
				}
				for what, m := range map[string]straggling{kind: here, "the other": other} {
					if locked, err := m.TryLock(); !locked || err != nil {
						t.Errorf("%s after Close: %v, %v", what, locked, err)
						continue
					}
					m.Unlock()
				}
				if _, err := take(); err != shared.ErrClosed && !race.Enabled {
					t.Error("when Close has returned:", err)
				}
			})
		}
	}
}

// TestCloseStragglerDeath has a goroutine take a lock whose owner has died, in the same way: the next owner learns of the death.
func TestCloseStragglerDeath(t *testing.T) {
	p, name := placed[closeable](t)
	q, r, err := opened[closeable](name)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.mu.Lock(); err != nil {
		t.Fatal(err)
	}
	q.mu.Unlock()
	take := q.mu.Straggler()
	p.mu.OwnerDied()
	defer shared.Closing(func(at int) {
		if at == 1 {
			if locked, err := take(); locked {
				t.Error("taken:", err)
			}
		}
	})()
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if locked, err := p.mu.TryLock(); !locked || err != shared.ErrOwnerDied {
		t.Errorf("%v, %v, want ErrOwnerDied", locked, err)
	} else {
		p.mu.Unlock()
	}
}

// TestCloseWaitsForStraggler has a goroutine take a lock while Close waits for operations that are inside: it gives it back itself.
func TestCloseWaitsForStraggler(t *testing.T) {
	p, name := placed[closeable](t)
	for _, died := range []bool{false, true} {
		q, r, err := opened[closeable](name)
		if err != nil {
			t.Fatal(err)
		}
		if err := q.mu.Lock(); err != nil {
			t.Fatal(err)
		}
		q.mu.Unlock()
		take := q.mu.Straggler()
		exit, err := r.Inside()
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- r.Close() }()
		for !r.Closed() {
			time.Sleep(10 * time.Microsecond)
		}
		if died {
			p.mu.OwnerDied()
		}
		if locked, err := take(); locked || err != nil {
			t.Errorf("taken: %v, %v", locked, err)
		}
		if p.mu.Free() == died {
			t.Error("the word is free:", !died)
		}
		exit()
		if err := within(func() error { return <-done }); err != nil {
			t.Error(err)
		}
		if locked, err := p.mu.TryLock(); !locked || (err == shared.ErrOwnerDied) != died {
			t.Errorf("the owner has died: %v; TryLock: %v, %v", died, locked, err)
		} else {
			p.mu.Consistent()
			p.mu.Unlock()
		}
	}
}

// TestCloseMourn has a goroutine look for the owner's death when its region is closed already: that owner goes on.
func TestCloseMourn(t *testing.T) {
	p, name := placed[closeable](t)
	q, r, err := opened[closeable](name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := p.mu.Lock(); err != nil {
		t.Fatal(err)
	}
	q.mu.MournClosed()
	if locked, err := q.mu.TryLock(); locked || err != nil {
		t.Errorf("a lock that is held: %v, %v", locked, err)
	}
	p.mu.Unlock()
}
