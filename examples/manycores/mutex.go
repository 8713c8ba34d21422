// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

// A mutex is a locks.Mutex if it has a bucket, and otherwise the sync.Mutex of a bucket. Its bits and its steps are
// those of locks/mutex.go. Hand-offs are left out: they are few.
type mutex struct {
	word   line
	locked bool
	parked bool
	woken  bool
	queue  []*waiter

	bucket *mutex // of the parking lot
	root   line   // of the runtime's table of semaphores, which stands for the bucket of a sync.Mutex

	maxSpinners, spinners int // 0: no limit

	since nanos // when it was locked
	counts
}

// counts are what a mutex has done.
type counts struct {
	locks, parks int
	held         nanos // how long it was locked, in all
	waited       nanos // between the first step of lock and the last
}

// A waiter is in a queue.
type waiter struct {
	g    *goroutine
	line line
}

func (c *counts) add(m *mutex) {
	c.locks += m.locks
	c.parks += m.parks
	c.held += m.held
	c.waited += m.waited
}

const spinTries = 4

func (m *mutex) lock(g *goroutine) {
	came := g.now
	g.write(&m.word)
	if !m.tryLock(false) {
		m.lockSlow(g)
	}
	m.locks++
	m.waited += g.now - came
	m.since = g.now
}

func (m *mutex) tryLock(woken bool) bool {
	if m.locked {
		return false
	}
	m.locked = true
	if woken {
		m.woken = false
	}
	return true
}

func (m *mutex) lockSlow(g *goroutine) {
	w := &waiter{g: g}
	woken, overtaken := false, false
	for !m.spin(g, &woken) {
		m.lockQueue(g)
		g.write(&m.word)
		if !m.locked {
			m.unlockQueue(g)
			continue
		}
		m.parked = true
		if woken {
			m.woken, woken = false, false
		}
		m.parks++
		neighbours := m.push(w, overtaken)
		g.write(&w.line)
		for _, n := range neighbours {
			g.write(&n.line)
		}
		m.unlockQueue(g)
		g.block()
		g.write(&w.line)
		woken, overtaken = true, true
	}
}

// spin is lockSpinning. A goroutine that finds enough others spinning goes to sleep at once.
func (m *mutex) spin(g *goroutine, woken *bool) bool {
	if m.maxSpinners > 0 {
		if !*woken && m.spinners >= m.maxSpinners {
			return false
		}
		m.spinners++
		defer func() { m.spinners-- }()
		g.write(&m.word) // where the spinners are counted
	}
	noticed := g.random.IntN(16) != 0
	for try := 0; ; {
		g.read(&m.word)
		switch {
		case !m.locked:
			g.write(&m.word)
			if m.tryLock(*woken) {
				return true
			}
		case try == spinTries || len(g.cores[g.core].queue) > 0:
			return false
		default:
			if !*woken && noticed && m.parked && !m.woken {
				if g.write(&m.word); m.parked && !m.woken {
					m.woken, *woken = true, true
				}
			}
			try++
			g.pause()
		}
	}
}

func (m *mutex) unlock(g *goroutine) {
	m.held += g.now - m.since
	g.write(&m.word)
	m.locked = false
	if !m.parked || m.woken {
		return
	}
	g.write(&m.word)
	if m.locked || m.woken {
		return
	}
	m.woken = true
	m.lockQueue(g)
	if len(m.queue) == 0 {
		g.write(&m.word)
		m.parked, m.woken = false, false
		m.unlockQueue(g)
		return
	}
	w := m.queue[0]
	m.queue = m.queue[1:]
	m.parked = len(m.queue) > 0
	if m.parked {
		g.write(&m.queue[0].line)
	} else {
		g.write(&m.word)
	}
	g.write(&w.line)
	m.unlockQueue(g)
	g.ready(w.g)
}

// push puts w into the queue, and returns the waiters that this changes.
func (m *mutex) push(w *waiter, front bool) (neighbours []*waiter) {
	n := len(m.queue)
	switch {
	case n == 0:
	case front:
		neighbours = m.queue[:1]
	default:
		neighbours = []*waiter{m.queue[0], m.queue[n-1]}
	}
	if front {
		m.queue = append([]*waiter{w}, m.queue...)
	} else {
		m.queue = append(m.queue, w)
	}
	return neighbours
}

func (m *mutex) lockQueue(g *goroutine) {
	if m.bucket != nil {
		m.bucket.lock(g)
	} else {
		g.write(&m.root)
	}
}

func (m *mutex) unlockQueue(g *goroutine) {
	if m.bucket != nil {
		m.bucket.unlock(g)
	} else {
		g.write(&m.root)
	}
}
