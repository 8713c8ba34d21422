// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"context"
	"slices"
	"sync"
	"time"
)

// A toy is a readers-writer lock, a condition variable or a wait group that is slow and
// obviously correct: everything happens under one mutex. Each bug breaks one thing in it, and
// some check must notice.
type toy struct {
	mu      sync.Mutex
	bug     string
	readers int
	writers int
	queue   []*toyWaiter
	events  int // counts calls, for bugs that show only now and then
}

type toyWaiter struct {
	write   bool
	moved   bool // from a condition to the lock
	granted chan struct{}
}

// now reports whether bug is this toy's, once in n calls.
func (l *toy) now(bug string, n int) bool {
	if l.bug != bug {
		return false
	}
	l.events++
	return l.events%n == 0
}

func (l *toy) free(write bool) bool {
	switch {
	case l.bug == "lets two writers in":
		return l.readers == 0 && l.writers < 2
	case !write && l.bug == "a reader beside a writer":
		return true
	case !write && l.bug == "readers one by one":
		return l.writers == 0 && l.readers == 0
	}
	return l.writers == 0 && (!write || l.readers == 0)
}

func (l *toy) take(write bool) {
	if write {
		l.writers++
	} else {
		l.readers++
	}
}

// lock takes l, now or later. It returns false when done is closed first.
func (l *toy) lock(write bool, done <-chan struct{}) bool {
	l.mu.Lock()
	barge := len(l.queue) == 0 || !write && l.bug == "readers overtake writers"
	if barge && l.free(write) {
		l.take(write)
		l.mu.Unlock()
		return true
	}
	w := &toyWaiter{write: write, granted: make(chan struct{})}
	l.queue = append(l.queue, w)
	l.mu.Unlock()
	select {
	case <-w.granted:
		return true
	case <-done:
	}
	if l.bug == "gives up with the lock" {
		time.Sleep(100 * time.Microsecond) // a wide window for the bug
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.Index(l.queue, w)
	switch {
	case i < 0:
		return l.bug != "gives up with the lock"
	case l.bug == "gives up and stays in the queue":
		return false
	}
	l.queue = slices.Delete(l.queue, i, i+1)
	if l.bug != "a writer gives up and readers stay" {
		l.admit()
	}
	return false
}

// admit admits all waiters that may enter, from the head of the queue.
func (l *toy) admit() {
	if l.bug == "writers before readers" {
		slices.SortStableFunc(l.queue, func(a, b *toyWaiter) int {
			switch {
			case a.write == b.write:
				return 0
			case a.write:
				return -1
			}
			return 1
		})
	}
	if l.bug == "wakes the last" {
		slices.Reverse(l.queue)
		defer func() { slices.Reverse(l.queue) }()
	}
	if l.bug == "leaves one out" && len(l.queue) > 1 {
		l.queue[0], l.queue[1] = l.queue[1], l.queue[0]
	}
	for len(l.queue) > 0 && l.free(l.queue[0].write) {
		l.take(l.queue[0].write)
		close(l.queue[0].granted)
		l.queue = l.queue[1:]
	}
}

func (l *toy) unlock(count *int, message string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if *count == 0 {
		if l.bug == "allows misuse" {
			return
		}
		if l.bug == "misuse damages it" {
			*count++
		}
		panic(message)
	}
	*count--
	if l.now("loses a wake-up", 7) || l.bug == "starves" && len(l.queue) < 5 {
		return
	}
	l.admit()
}

func (l *toy) try(write bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bug != "TryLock takes all" && !l.free(write) {
		return false
	}
	if l.bug != "readers overtake writers" && !write && len(l.queue) > 0 {
		return false
	}
	l.take(write)
	return true
}

func (l *toy) lockFor(write bool, d time.Duration) bool {
	if d <= 0 || l.bug == "overflows" && d > 1<<61 {
		return l.try(write)
	}
	if l.bug == "gives up early" {
		d /= 2
	}
	if l.try(write) {
		return true
	}
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return l.lock(write, ctx.Done())
}

func (l *toy) lockContext(write bool, ctx context.Context) error {
	if ctx == nil {
		if l.bug == "nil is a context" {
			ctx = context.Background()
		} else {
			panic("nil context")
		}
	}
	if ctx.Err() != nil && l.bug != "looks at the context too late" {
		return context.Cause(ctx)
	}
	if l.bug == "leaves a goroutine" {
		got := make(chan struct{})
		go func() {
			l.lock(write, nil)
			select {
			case got <- struct{}{}:
			case <-ctx.Done():
				if write {
					l.Unlock()
				} else {
					l.RUnlock()
				}
			}
		}()
		select {
		case <-got:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	if !l.lock(write, ctx.Done()) {
		if l.bug == "hides the cause" {
			return ctx.Err()
		}
		return context.Cause(ctx)
	}
	return nil
}

func (l *toy) Lock() {
	if l.bug == "allocates" {
		garbage = new(int)
	}
	l.lock(true, nil)
}

var garbage *int

func (l *toy) RLock() { l.lock(false, nil) }
func (l *toy) Unlock() {
	l.unlock(&l.writers, "toy: Unlock of unlocked RWMutex")
}

func (l *toy) RUnlock()                             { l.unlock(&l.readers, "toy: RUnlock of unlocked RWMutex") }
func (l *toy) TryLock() bool                        { return l.try(true) }
func (l *toy) TryRLock() bool                       { return l.try(false) }
func (l *toy) TryLockFor(d time.Duration) bool      { return l.lockFor(true, d) }
func (l *toy) TryRLockFor(d time.Duration) bool     { return l.lockFor(false, d) }
func (l *toy) LockContext(c context.Context) error  { return l.lockContext(true, c) }
func (l *toy) RLockContext(c context.Context) error { return l.lockContext(false, c) }

func (l *toy) Waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.queue)
}

// A toyCond is a condition variable of that kind. It has a queue of its own.
type toyCond struct {
	L sync.Locker
	toy
}

// wait returns false when done is closed first.
func (c *toyCond) wait(done <-chan struct{}) bool {
	w := &toyWaiter{granted: make(chan struct{})}
	c.mu.Lock()
	c.queue = append(c.queue, w)
	c.mu.Unlock()
	c.L.Unlock()
	woken := true
	select {
	case <-w.granted:
	case <-done:
		if c.bug == "gives up with the signal" {
			time.Sleep(100 * time.Microsecond) // a wide window for the bug
		}
		c.mu.Lock()
		if i := slices.Index(c.queue, w); i >= 0 {
			woken = false
			if c.bug != "gives up and stays in the queue" {
				c.queue = slices.Delete(c.queue, i, i+1)
			}
		} else if c.bug == "gives up with the signal" {
			woken = false
		}
		c.mu.Unlock()
		if c.bug == "gives up without the lock" {
			return woken
		}
	}
	if !w.moved {
		c.L.Lock()
	}
	return woken || c.bug == "a time-out is a wake-up"
}

func (c *toyCond) wake(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now("loses a wake-up", 7) {
		return
	}
	if c.bug == "wakes the last" {
		slices.Reverse(c.queue)
	}
	for ; n > 0 && len(c.queue) > 0; n-- {
		close(c.queue[0].granted)
		c.queue = c.queue[1:]
	}
	if c.bug == "wakes the last" {
		slices.Reverse(c.queue)
	}
}

// requeue moves all waiters to the queue of L, which is held.
func (c *toyCond) requeue() {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.L.(*toy)
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range c.queue {
		w := c.queue[(i+1)%len(c.queue)]
		w.write, w.moved = true, true
		l.queue = append(l.queue, w)
	}
	c.queue = nil
	l.admit()
}

func (c *toyCond) Wait() { c.wait(nil) }

func (c *toyCond) Signal() {
	if c.bug == "Signal wakes two" {
		c.wake(2)
	} else {
		c.wake(1)
	}
}

func (c *toyCond) Broadcast() {
	switch c.bug {
	case "Broadcast wakes ten":
		c.wake(10)
	case "Broadcast puts the first behind the others":
		c.requeue()
	default:
		c.wake(1 << 30)
	}
}

func (c *toyCond) WaitFor(d time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return c.wait(ctx.Done())
}

func (c *toyCond) WaitContext(ctx context.Context) error {
	if ctx == nil {
		panic("nil context")
	}
	if !c.wait(ctx.Done()) {
		return context.Cause(ctx)
	}
	return nil
}

// A toyGroup is a wait group of that kind.
type toyGroup struct {
	toy
	n int
}

func (g *toyGroup) Add(delta int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.n+delta < 0 && g.bug != "allows misuse" {
		if g.bug == "misuse damages it" {
			g.n, g.writers = 1, 1
		}
		panic("toy: negative WaitGroup counter")
	}
	g.n += delta
	g.writers = g.n
	if g.bug == "returns early" {
		g.writers--
	}
	if g.bug == "wakes one" && g.writers == 0 && len(g.queue) > 1 {
		g.queue = g.queue[:1]
	}
	g.writers = max(g.writers, 0)
	g.admit()
}

func (g *toyGroup) Done() { g.Add(-1) }

func (g *toyGroup) Go(f func()) {
	g.Add(1)
	go func() {
		f()
		g.Done()
	}()
}

func (g *toyGroup) Wait()                               { g.RLock() }
func (g *toyGroup) WaitFor(d time.Duration) bool        { return g.TryRLockFor(d) }
func (g *toyGroup) WaitContext(c context.Context) error { return g.RLockContext(c) }

// A toyOnce is a sync.Once with a bug.
type toyOnce struct {
	mu   sync.Mutex
	bug  string
	done bool
}

func (o *toyOnce) Do(f func()) {
	o.mu.Lock()
	if o.done {
		o.mu.Unlock()
		return
	}
	switch o.bug {
	case "returns early":
		o.done = true
		o.mu.Unlock()
		f()
	case "calls twice":
		o.mu.Unlock()
		f()
		o.mu.Lock()
		o.done = true
		o.mu.Unlock()
	case "a panic is not done":
		defer o.mu.Unlock()
		f()
		o.done = true
	default:
		defer o.mu.Unlock()
		o.done = true
		f()
	}
}
