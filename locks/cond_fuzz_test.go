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

const condOps = "LUXWwSBC"

func FuzzCond(f *testing.F) { f.Fuzz(playCond) }

func TestCondPrograms(t *testing.T) { locktest.RandomPrograms(t, condOps, playCond) }

// playCond plays a program on a Cond with a Mutex, to whose queue a Broadcast moves the waiters, and on one
// with a lock of another type, for which they then all compete.
func playCond(t *testing.T, program []byte) {
	playCondOf(t, program, new(locks.Mutex))
	playCondOf(t, program, new(locks.FairMutex))
}

func playCondOf(t *testing.T, program []byte, l watchedLocker) {
	c := locks.NewCond(l)
	_, inOrder := l.(*locks.Mutex)
	p := locktest.NewPlay(t, pinned, program, func() int {
		n := l.Waiting() // before the queue of c, as waiters go from that queue to this one
		return n + c.Waiting()
	})
	m := &fifoModel{Play: p}
	var queue []*locktest.Actor
	limited := map[*locktest.Actor]bool{} // whose last operation has a context
	for op, n := range p.Steps(condOps, "B0U0", func() bool { return l.State() == 0 && c.State() == 0 }) {
		switch op {
		case 'L':
			if a := p.Start(n, func(context.Context) error { l.Lock(); return nil }); a != nil {
				m.lock(a)
			}
		case 'U':
			p.Check(p.Do(n, func() error { l.Unlock(); return nil }), m.unlock())
		case 'X':
			m.relock(n, l)
		case 'W', 'w':
			before := l.Waiting()
			a := p.Start(n, func(ctx context.Context) error {
				if op == 'w' {
					return c.WaitContext(ctx)
				}
				c.Wait()
				return nil
			})
			switch {
			case a == nil:
			case !m.held: // Wait panics; until then the caller may be in the queue
				a.GivesUp(m.unlock())
			default:
				a.Waits()
				limited[a] = op == 'w'
				queue = append(queue, a)
				p.Until("Wait unlocks L", func() bool { return l.Waiting() < before || before == 0 && l.State() == 0 })
				p.Check(m.unlock(), nil)
			}
		case 'S':
			p.Check(p.Do(n, func() error { c.Signal(); return nil }), nil)
			if len(queue) != 0 {
				m.lock(queue[0])
				queue = queue[1:]
			}
		case 'B':
			p.Check(p.Do(n, func() error { c.Broadcast(); return nil }), nil)
			if inOrder {
				for _, a := range queue {
					m.lock(a)
				}
			} else if len(queue) != 0 {
				m.lock(queue...)
			}
			queue = nil
		case 'C':
			a := p.Actor(n)
			a.Cancel()
			if i := slices.Index(queue, a); i >= 0 && limited[a] {
				queue = slices.Delete(queue, i, i+1)
				p.Until("the cancelled waiter leaves the queue", func() bool { return c.Waiting() == len(queue) })
				a.Want = context.Canceled
				m.lock(a)
			}
		}
	}
}
