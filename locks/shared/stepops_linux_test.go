// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

func mu(c *cell) *shared.Mutex { return &c.mu }
func rw(c *cell) *shared.Mutex { return c.rw.W() }

// funcs are parts that this process has in an operation.
type funcs = []func(*cell) error

var stepOps = []stepOp{
	{name: "Mutex", prepare: useMutex, op: useMutex, owner: mu, check: useMutex},
	{name: "Mutex, first use", op: useMutex, owner: mu, check: useMutex},
	{
		name: "Mutex, as another waits", prepare: lockMutex, op: unlockMutex, owner: mu, check: useMutex,
		beside: funcs{useMutex, useMutex}, ready: func(c *cell) bool { return c.mu.Sleepers() },
	},
	{
		name: "Mutex, contended", prepare: useMutex, op: useMutex, owner: mu, check: useMutex,
		beside: funcs{holdMutex}, ready: (*cell).isHeld,
	},
	{name: "Mutex, left broken", prepare: breakMutex, op: unlockMutex, check: useBroken, beside: funcs{useBroken}, ready: func(c *cell) bool { return c.mu.Sleepers() }},
	{name: "RWMutex, read", prepare: read, op: read, owner: rw, check: useRW},
	{name: "RWMutex, first read", op: read, owner: rw, check: useRW},
	{name: "RWMutex, read with others", prepare: lockRead, op: read, owner: rw, check: useRW},
	{name: "RWMutex, write", prepare: write, op: write, owner: rw, check: useRW},
	{name: "RWMutex, first write", op: write, owner: rw, check: useRW},
	{
		name: "RWMutex, write after readers", prepare: write, op: write, owner: rw, check: useRW,
		beside: funcs{holdRead, onceHeld(read), onceHeld(write)}, ready: (*cell).isHeld,
	},
	{
		name: "RWMutex, read after a writer", prepare: read, op: read, owner: rw, check: useRW,
		beside: funcs{holdWrite, onceHeld(read)}, ready: (*cell).isHeld,
	},
	{
		name: "RWMutex, end of a read that a writer waits for", prepare: lockRead, op: unlockRead, owner: rw, check: useRW,
		beside: funcs{write, read}, ready: func(c *cell) bool { return c.rw.Wanted() },
	},
	{
		name: "RWMutex, end of a write that others wait for", prepare: lockWrite, op: unlockWrite, owner: rw, check: useRW,
		beside: funcs{write, read}, ready: func(c *cell) bool { return c.rw.W().Sleepers() && c.rw.Claims() > 0 },
	},

	{name: "Once", op: once, check: once},
	{name: "Once, as others do it", op: once, check: once, beside: funcs{once, once}},
	{name: "Event, set as others wait", op: set, check: set, beside: funcs{waitEvent, waitEvent}, ready: func(c *cell) bool { return c.event.Sleepers() }},
	{name: "Event, wait", op: waitEvent, check: set, beside: funcs{setLater}},
	{name: "Event, reset", prepare: set, op: resetAndSet, check: set, beside: funcs{waitEvent}},
	{name: "Cond, signal", op: signal, owner: mu, check: signal, beside: funcs{waitCond, waitCond}, ready: func(c *cell) bool { return c.cond.Standing() }},
	{name: "Cond, wait", op: waitCond, owner: mu, check: signal, beside: funcs{signalLater, waitCond}},
	{name: "Semaphore", op: permit, check: allPermits},
	{name: "Semaphore, as others want all", op: permit, check: allPermits, beside: funcs{allPermits, permit}},
	{name: "Barrier", op: meet, check: meetAnew, beside: funcs{meetBeside}},
	{name: "Barrier, the first", op: meet, check: meetAnew, beside: funcs{meetLater}},
	{name: "PthreadMutex", op: usePthread, check: usePthread},
	{name: "PthreadMutex, as others use it", op: usePthread, check: usePthread, beside: funcs{usePthread, usePthread}},
	{name: "PIMutex", op: usePI, check: usePI, long: true},
	{name: "PIMutex, as another uses it", op: usePI, check: usePI, beside: funcs{usePI}, long: true},
	{name: "Array", prepare: openStepArray, op: useStepArray, check: emptyArray},
	{name: "Region", op: makeRegion, check: makeRegion, long: true},
}

// learn notes the death of an owner, and repairs what the lock protects.
func (c *cell) learn(err error, consistent func()) error {
	if errors.Is(err, shared.ErrOwnerDied) {
		if d := c.a - c.b; d != 0 && d != 1 {
			return fmt.Errorf("after a death the counters are %d and %d", c.a, c.b)
		}
		c.b = c.a
		c.deaths.Add(1)
		consistent()
		return nil
	}
	if err == nil && c.a != c.b {
		return fmt.Errorf("the counters are %d and %d", c.a, c.b)
	}
	return err
}

func lockMutex(c *cell) error { return c.learn(c.mu.Lock(), c.mu.Consistent) }

func unlockMutex(c *cell) error {
	c.a++
	c.b++
	c.mu.Unlock()
	return nil
}

func useMutex(c *cell) error {
	if err := lockMutex(c); err != nil {
		return err
	}
	return unlockMutex(c)
}

// breakMutex locks, as after the death of an owner.
func breakMutex(c *cell) error {
	err := c.mu.Lock()
	c.mu.Break()
	return err
}

// useBroken uses a lock that may be lost.
func useBroken(c *cell) error {
	if err := useMutex(c); err != nil && !errors.Is(err, shared.ErrNotRecoverable) {
		return err
	}
	return nil
}

// holdMutex holds the lock until another process waits for it.
func holdMutex(c *cell) error {
	if err := lockMutex(c); err != nil {
		return err
	}
	c.held.Store(true)
	hold(c, c.mu.Sleepers)
	return unlockMutex(c)
}

func (c *cell) isHeld() bool { return c.held.Load() }

// onceHeld does f when another part holds the lock.
func onceHeld(f func(*cell) error) func(*cell) error {
	return func(c *cell) error {
		for !c.isHeld() {
			time.Sleep(50 * time.Microsecond)
		}
		return f(c)
	}
}

// hold waits until a condition holds, or the operation is over, but not forever: whom it waits for may be killed.
func hold(c *cell, until func() bool) {
	for end := time.Now().Add(5 * time.Second); !until() && c.done.Load() == 0 && time.Now().Before(end); {
		time.Sleep(50 * time.Microsecond)
	}
}

func lockRead(c *cell) error { return c.rw.RLock() }

func unlockRead(c *cell) error {
	a, b := c.a, c.b
	c.rw.RUnlock()
	if a != b {
		return fmt.Errorf("a reader sees %d and %d", a, b)
	}
	return nil
}

func read(c *cell) error {
	switch err := c.rw.RLock(); {
	case errors.Is(err, shared.ErrOwnerDied):
		return write(c)
	case err != nil:
		return err
	}
	return unlockRead(c)
}

func holdRead(c *cell) error {
	if err := c.rw.RLock(); err != nil {
		return err
	}
	c.held.Store(true)
	hold(c, func() bool { return c.rw.Wanted() && c.rw.W().Sleepers() }) // one writer waits for readers, one for the other
	return unlockRead(c)
}

func lockWrite(c *cell) error { return c.learn(c.rw.Lock(), c.rw.Consistent) }

func unlockWrite(c *cell) error {
	c.a++
	c.b++
	c.rw.Unlock()
	return nil
}

func write(c *cell) error {
	if err := lockWrite(c); err != nil {
		return err
	}
	return unlockWrite(c)
}

func holdWrite(c *cell) error {
	if err := lockWrite(c); err != nil {
		return err
	}
	c.held.Store(true)
	hold(c, func() bool { return c.rw.Claims() > 1 })
	return unlockWrite(c)
}

func useRW(c *cell) error { return errors.Join(read(c), write(c), read(c)) }

// once performs an action that may be begun again.
func once(c *cell) error {
	err := c.once.Do(func() { c.a, c.b = 1, 1 })
	if err == nil && (c.a != 1 || c.b != 1) {
		err = errors.New("the action was not performed")
	}
	return err
}

func set(c *cell) error       { return c.event.Set() }
func waitEvent(c *cell) error { return c.event.Wait() }

func setLater(c *cell) error {
	hold(c, c.event.Sleepers)
	return set(c)
}

func resetAndSet(c *cell) error { return errors.Join(c.event.Reset(), c.event.Set()) }

// signal makes the condition true, and announces that.
func signal(c *cell) error {
	if err := lockMutex(c); err != nil {
		return err
	}
	c.a++
	c.b++
	err := c.cond.Broadcast()
	c.mu.Unlock()
	return err
}

func signalLater(c *cell) error {
	hold(c, c.cond.Standing)
	return signal(c)
}

func waitCond(c *cell) error {
	if err := lockMutex(c); err != nil {
		return err
	}
	for c.a == 0 {
		if err := c.learn(c.cond.Wait(&c.mu), c.mu.Consistent); err != nil {
			return err
		}
	}
	c.mu.Unlock()
	return nil
}

func permit(c *cell) error {
	if err := errors.Join(c.sem.Init(2), c.sem.Acquire(1)); err != nil {
		return err
	}
	return c.sem.Release(1)
}

func allPermits(c *cell) error {
	if err := errors.Join(c.sem.Init(2), c.sem.Acquire(2)); err != nil {
		return err
	}
	if n, err := c.sem.Available(); n != 0 || err != nil {
		return fmt.Errorf("%d permits are free beside all, %v", n, err)
	}
	return c.sem.Release(2)
}

// meet waits for the other party. That may be killed.
func meet(c *cell) error {
	_, err := c.bar.Wait()
	if errors.Is(err, shared.ErrUninitialized) {
		_, err = false, c.bar.Init(2)
		if err == nil {
			_, err = c.bar.Wait()
		}
	}
	if errors.Is(err, shared.ErrBroken) {
		return nil
	}
	return err
}

// meetBeside is meet, which the check ends if it must.
func meetBeside(c *cell) error {
	defer c.left.Store(1)
	return meet(c)
}

func meetLater(c *cell) error {
	defer c.left.Store(1)
	hold(c, func() bool { return c.bar.Parties() > 0 })
	return meet(c)
}

// meetAnew meets once more, after what has been.
func meetAnew(c *cell) error {
	if err := c.bar.Init(2); err != nil {
		return err
	}
	for c.left.Load() == 0 {
		if err := c.bar.Reset(); err != nil {
			return err
		}
		time.Sleep(50 * time.Microsecond)
	}
	if err := c.bar.Reset(); err != nil {
		return err
	}
	var other error
	var wg sync.WaitGroup
	wg.Go(func() { _, other = c.bar.Wait() })
	_, err := c.bar.Wait()
	wg.Wait()
	return errors.Join(err, other)
}

func usePthread(c *cell) error {
	if err := c.pthread.Init(); err != nil {
		return err
	}
	if err := c.learn(c.pthread.Lock(), c.pthread.Consistent); err != nil {
		return err
	}
	c.a++
	c.b++
	c.pthread.Unlock()
	return nil
}

func usePI(c *cell) error {
	if err := c.learn(c.pi.Lock(), c.pi.Consistent); err != nil {
		return err
	}
	c.a++
	c.b++
	c.pi.Unlock()
	return nil
}

// stepArray opens the array, once.
var stepArray func() (*shared.Array, error)

func newStepArray() {
	stepArray = sync.OnceValues(func() (*shared.Array, error) {
		return shared.OpenOrCreateArray(filepath.Join(stepDir, "array"), 3)
	})
}

func openStepArray(c *cell) error {
	_, err := stepArray()
	return err
}

func useStepArray(c *cell) error {
	a, err := stepArray()
	if err != nil {
		return err
	}
	i, err := a.Allocate()
	if err != nil {
		return err
	}
	m, err := a.Mutex(i)
	if err != nil {
		return err
	}
	if err := m.Lock(); err != nil {
		return err
	}
	m.Unlock()
	return errors.Join(a.Keep(i), a.Free(i))
}

// emptyArray frees an entry that the dead process has kept, and allocates all.
func emptyArray(c *cell) error {
	a, err := stepArray()
	if err != nil {
		return err
	}
	for i := range 3 {
		err := a.Free(i)
		for errors.Is(err, shared.ErrInUse) { // by a process that is about to die
			err = a.Free(i)
		}
		if err != nil && !errors.Is(err, shared.ErrNotAllocated) {
			return err
		}
	}
	for range 3 {
		if _, err := a.Allocate(); err != nil {
			return err
		}
	}
	for i := range 3 {
		if err := a.Free(i); err != nil {
			return err
		}
	}
	return nil
}

// makeRegion makes a region and uses it. In the process that steps others it removes it after that.
func makeRegion(c *cell) error {
	name := filepath.Join(stepDir, "fresh")
	m, r, err := opened[shared.Mutex](name)
	if err != nil {
		return err
	}
	if err := m.Lock(); err != nil && !errors.Is(err, shared.ErrOwnerDied) {
		return err
	}
	m.Consistent()
	m.Unlock()
	if err := r.Close(); err != nil {
		return err
	}
	if !isStepped {
		return os.Remove(name)
	}
	return nil
}
