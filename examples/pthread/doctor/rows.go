// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/osync-go/osync/pthread"
)

var rows = []row{
	{"mutex", func() (func(), error) { return tryMutex(func(*pthread.MutexAttr) error { return nil }) }},
	{"mutex, error checking", func() (func(), error) { return tryMutex(ofType(pthread.TypeErrorCheck)) }},
	{"mutex, recursive", func() (func(), error) { return tryMutex(ofType(pthread.TypeRecursive)) }},
	{"mutex, adaptive", func() (func(), error) { return tryMutex(ofType(pthread.TypeAdaptiveNP)) }},
	{"mutex, priority inheritance", func() (func(), error) {
		return tryMutex(func(a *pthread.MutexAttr) error { return a.SetProtocol(pthread.ProtocolInherit) })
	}},
	{"mutex, process-shared", func() (func(), error) {
		return tryMutex(func(a *pthread.MutexAttr) error { return a.SetPShared(true) })
	}},
	{"mutex, robust", tryRobust},
	{"mutex, deadline", func() (func(), error) {
		return tryTimed(pthread.ClockRealtime, func(m *pthread.Mutex, t pthread.Timespec) error { return m.TimedLock(t) })
	}},
	{"mutex, monotonic deadline", func() (func(), error) {
		return tryTimed(pthread.ClockMonotonic, func(m *pthread.Mutex, t pthread.Timespec) error {
			return m.ClockLock(pthread.ClockMonotonic, t)
		})
	}},
	{"condition", tryCond},
	{"condition, monotonic", tryCondClock},
	{"rwlock, read", func() (func(), error) { return tryRWLock((*pthread.RWLock).RdLock) }},
	{"rwlock, write", func() (func(), error) { return tryRWLock((*pthread.RWLock).WrLock) }},
	{"spin lock", trySpin},
	{"barrier", tryBarrier},
	{"semaphore", trySem},
	{"semaphore, named", tryNamedSem},
	{"semaphore, deadline", func() (func(), error) {
		return trySemUntil(pthread.ClockRealtime, (*pthread.Sem).TimedWait)
	}},
	{"semaphore, monotonic deadline", func() (func(), error) {
		return trySemUntil(pthread.ClockMonotonic, func(s *pthread.Sem, t pthread.Timespec) error {
			return s.ClockWait(pthread.ClockMonotonic, t)
		})
	}},
	{"C11 mutex", tryMtx},
	{"C11 condition", tryCnd},
	{"once", tryOnce},
	{"key", tryKey},
	{"thread, name", tryName},
	{"thread, CPU clock", tryCPUClock},
	{"thread, policy and priority", trySched},
	{"thread, affinity", tryAffinity},
}

func ofType(t pthread.MutexType) func(*pthread.MutexAttr) error {
	return func(a *pthread.MutexAttr) error { return a.SetType(t) }
}

func newMutex(set func(*pthread.MutexAttr) error) (*pthread.Mutex, error) {
	a, err := pthread.NewMutexAttr()
	if err != nil {
		return nil, err
	}
	defer a.Destroy()
	if err := set(a); err != nil {
		return nil, err
	}
	return pthread.NewMutex(a)
}

func tryMutex(set func(*pthread.MutexAttr) error) (func(), error) {
	m, err := newMutex(set)
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		expect("Lock", m.Lock(), nil),
		expect("TryLock elsewhere", elsewhere(m.TryLock), pthread.EBUSY),
		expect("Unlock elsewhere", elsewhere(m.Unlock), pthread.EPERM),
		expect("Unlock", m.Unlock(), nil),
	)
	return func() { m.Lock(); m.Unlock() }, err
}

func tryRobust() (func(), error) {
	m, err := newMutex(func(a *pthread.MutexAttr) error { return a.SetRobust(true) })
	if err != nil {
		return nil, err
	}
	done := make(chan error)
	go func() { done <- m.Lock() }() // and the thread ends with the goroutine
	err = errors.Join(
		expect("Lock", <-done, nil),
		expect("Lock after the owner died", m.Lock(), pthread.EOWNERDEAD),
		expect("Consistent", m.Consistent(), nil),
		expect("Unlock", m.Unlock(), nil),
		expect("Lock", m.Lock(), nil),
		expect("Unlock", m.Unlock(), nil),
	)
	return func() { m.Lock(); m.Unlock() }, err
}

func tryTimed(clock pthread.Clock, lock func(*pthread.Mutex, pthread.Timespec) error) (func(), error) {
	m, err := newMutex(ofType(pthread.TypeNormal))
	if err != nil {
		return nil, err
	}
	soon, err := clock.After(time.Millisecond)
	if err != nil {
		return nil, err
	}
	if err := m.Lock(); err != nil {
		return nil, err
	}
	err = errors.Join(
		expect("a lock until a deadline", elsewhere(func() error { return lock(m, soon) }), pthread.ETIMEDOUT),
		expect("Unlock", m.Unlock(), nil),
	)
	return func() { lock(m, soon); m.Unlock() }, err
}

func tryCond() (func(), error) {
	m, err := newMutex(ofType(pthread.TypeErrorCheck))
	if err != nil {
		return nil, err
	}
	c, err := pthread.NewCond(nil)
	if err != nil {
		return nil, err
	}
	turn := 0
	take := func(mine int) error {
		for range 100 {
			if err := m.Lock(); err != nil {
				return err
			}
			for turn != mine {
				if err := c.Wait(m); err != nil {
					return err
				}
			}
			turn = 1 - mine
			if err := errors.Join(c.Signal(), m.Unlock()); err != nil {
				return err
			}
		}
		return nil
	}
	other := make(chan error)
	go func() { other <- take(1) }()
	return func() { c.Signal() }, errors.Join(take(0), <-other)
}

func tryCondClock() (func(), error) {
	a, err := pthread.NewCondAttr()
	if err != nil {
		return nil, err
	}
	defer a.Destroy()
	if err := a.SetClock(pthread.ClockMonotonic); err != nil {
		return nil, err
	}
	c, err := pthread.NewCond(a)
	if err != nil {
		return nil, err
	}
	m, err := newMutex(ofType(pthread.TypeErrorCheck))
	if err != nil {
		return nil, err
	}
	soon, err := pthread.ClockMonotonic.After(time.Millisecond)
	if err != nil {
		return nil, err
	}
	if err := m.Lock(); err != nil {
		return nil, err
	}
	for err == nil {
		err = c.TimedWait(m, soon)
	}
	return nil, errors.Join(expect("TimedWait", err, pthread.ETIMEDOUT), expect("Unlock", m.Unlock(), nil))
}

func tryRWLock(lock func(*pthread.RWLock) error) (func(), error) {
	l, err := pthread.NewRWLock(nil)
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		expect("a lock", lock(l), nil),
		expect("TryWrLock elsewhere", elsewhere(l.TryWrLock), pthread.EBUSY),
		expect("Unlock", l.Unlock(), nil),
	)
	return func() { lock(l); l.Unlock() }, err
}

func trySpin() (func(), error) {
	l, err := pthread.NewSpin()
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		expect("Lock", l.Lock(), nil),
		expect("TryLock elsewhere", elsewhere(l.TryLock), pthread.EBUSY),
		expect("Unlock", l.Unlock(), nil),
	)
	return func() { l.Lock(); l.Unlock() }, err
}

func tryBarrier() (func(), error) {
	b, err := pthread.NewBarrier(nil, 2)
	if err != nil {
		return nil, err
	}
	type result struct {
		serial bool
		err    error
	}
	other := make(chan result)
	go func() {
		serial, err := b.Wait()
		other <- result{serial, err}
	}()
	serial, err := b.Wait()
	there := <-other
	if err := errors.Join(err, there.err); err != nil {
		return nil, err
	}
	if serial == there.serial {
		return nil, fmt.Errorf("both threads of the barrier got serial = %v", serial)
	}
	one, err := pthread.NewBarrier(nil, 1)
	return func() { one.Wait() }, err
}

func tryOnce() (func(), error) {
	o, err := pthread.NewOnce()
	if err != nil {
		return nil, err
	}
	runs := 0
	run := func() { runs++ }
	if err := errors.Join(o.Do(run), o.Do(run)); err != nil {
		return nil, err
	}
	if runs != 1 {
		return nil, fmt.Errorf("once ran %d times, want 1", runs)
	}
	return func() { o.Do(run) }, nil
}

func tryKey() (func(), error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	k, err := pthread.NewKey(0)
	if err != nil {
		return nil, err
	}
	if err := k.Set(42); err != nil {
		return nil, err
	}
	v, err := k.Get()
	if err == nil && v != 42 {
		err = fmt.Errorf("got %d, want 42", v)
	}
	return func() { k.Get() }, err
}

// onThread runs f on a thread that ends with it.
func onThread(f func(self pthread.Thread) error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		self, err := pthread.Self()
		if err == nil {
			err = f(self)
		}
		done <- err
	}()
	return <-done
}

func tryName() (func(), error) {
	return nil, onThread(func(self pthread.Thread) error {
		if err := self.SetName("doctor"); err != nil {
			return err
		}
		name, err := self.Name()
		if err == nil && name != "doctor" {
			err = fmt.Errorf("the name is %q, want %q", name, "doctor")
		}
		return err
	})
}

func trySched() (func(), error) {
	return nil, onThread(func(self pthread.Thread) error {
		policy, _, err := self.SchedParam()
		if err == nil && policy != pthread.SchedOther {
			err = fmt.Errorf("the policy is %v, want %v", policy, pthread.SchedOther)
		}
		return err
	})
}

func tryAffinity() (func(), error) {
	return nil, onThread(func(self pthread.Thread) error {
		cpus, err := self.Affinity()
		if err != nil {
			return err
		}
		return self.SetAffinity(cpus...)
	})
}
