// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"slices"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

const (
	semaphoreOps   = "ATtRCS"
	semaphoreUnits = 5
)

func FuzzSemaphore(f *testing.F) { f.Fuzz(playSemaphore) }

func TestSemaphorePrograms(t *testing.T) { locktest.RandomPrograms(t, semaphoreOps, playSemaphore) }

// A semaphoreModel is the model of a Semaphore.
type semaphoreModel struct {
	capacity, free int64 // free is negative if more is in use than the capacity
	queue          []request
}

type request struct {
	*locktest.Actor
	units int64
}

// tryAcquire takes n units if it need not wait.
func (m *semaphoreModel) tryAcquire(n int64) error {
	if len(m.queue) != 0 || m.free < n {
		return locktest.ErrFalse
	}
	m.free -= n
	return nil
}

func (m *semaphoreModel) acquire(a *locktest.Actor, n int64) {
	if n > m.capacity {
		a.Want = locks.ErrTooLarge
		a.Ends()
		return
	}
	a.Waits()
	m.queue = append(m.queue, request{a, n})
	m.serve()
}

func (m *semaphoreModel) release(n int64) error {
	if m.free+n > m.capacity {
		return locktest.ErrPanic
	}
	m.free += n
	m.serve()
	return nil
}

func (m *semaphoreModel) giveUp(a *locktest.Actor) {
	if i := slices.IndexFunc(m.queue, func(r request) bool { return r.Actor == a }); i >= 0 {
		a.GivesUp(context.Canceled)
		m.queue = slices.Delete(m.queue, i, i+1)
		m.serve()
	}
}

// resize changes the capacity, and refuses the requests above it.
func (m *semaphoreModel) resize(n int64) {
	m.free += n - m.capacity
	m.capacity = n
	m.queue = slices.DeleteFunc(m.queue, func(r request) bool {
		if r.units > n {
			r.Want = locks.ErrTooLarge
			r.Ends()
		}
		return r.units > n
	})
	m.serve()
}

// serve gives units to the requests in FIFO order, as far as the units go.
func (m *semaphoreModel) serve() {
	for len(m.queue) != 0 && m.queue[0].units <= m.free {
		m.free -= m.queue[0].units
		m.queue[0].Ends()
		m.queue = m.queue[1:]
	}
}

func playSemaphore(t *testing.T, program []byte) {
	s := locks.NewSemaphore(semaphoreUnits)
	m := &semaphoreModel{capacity: semaphoreUnits, free: semaphoreUnits}
	p := locktest.NewPlay(t, pinned, program, s.Waiting)
	for op, n := range p.Steps(semaphoreOps, "R01", func() bool { return s.State() == uint64(m.capacity) }) {
		switch op {
		case 'A':
			units := int64(p.Number(semaphoreUnits + 2))
			if a := p.Start(n, func(ctx context.Context) error { return s.AcquireContext(ctx, units) }); a != nil {
				m.acquire(a, units)
			}
		case 'T':
			units := int64(p.Number(semaphoreUnits + 2))
			p.Check(p.Do(n, func() error { return locktest.OrFalse(s.TryAcquire(units)) }), m.tryAcquire(units))
		case 't':
			units := int64(p.Number(semaphoreUnits + 2))
			p.Check(p.Do(n, func() error { return locktest.OrFalse(s.TryAcquireFor(units, moment)) }), m.tryAcquire(units))
		case 'R':
			units := int64(p.Number(semaphoreUnits + 2))
			p.Check(p.Do(n, func() error { s.Release(units); return nil }), m.release(units))
		case 'S':
			units := int64(p.Number(semaphoreUnits + 2))
			p.Check(p.Do(n, func() error { s.Resize(units); return nil }), nil)
			m.resize(units)
		case 'C':
			p.Actor(n).Cancel()
			m.giveUp(p.Actor(n))
		}
	}
}
