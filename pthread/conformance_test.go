// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread_test

import (
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/pthread"
)

// options are the promises of POSIX: locks are owned by threads, and little more. The race detector
// makes pools drop their contents.
func options(more ...locktest.Option) []locktest.Option {
	list := append([]locktest.Option{locktest.Owned(), locktest.Slow(), locktest.Unfair(), locktest.Uneven(), locktest.Spurious()}, more...)
	if race.Enabled {
		list = append(list, locktest.Allocates())
	}
	return list
}

// The features of the library, queried once: reporting a missing feature allocates.
var (
	mutexClock   = sync.OnceValue(func() bool { return has("pthread_mutex_clocklock") })
	rwlockClock  = sync.OnceValue(func() bool { return has("pthread_rwlock_clockwrlock") })
	condRelative = sync.OnceValue(func() bool { return has("pthread_cond_timedwait_relative_np") })
)

// ok panics with errors that the suite does not expect.
func ok(err error) {
	if err != nil {
		panic(err)
	}
}

// got reports whether a call that may fail to get the lock has got it.
func got(err error) bool {
	switch err {
	case nil:
		return true
	case pthread.EBUSY, pthread.ETIMEDOUT:
		return false
	default:
		panic(err)
	}
}

// A mutex is a pthread.Mutex with the methods of sync.Mutex.
type mutex struct{ *pthread.Mutex }

func (m mutex) Lock()         { ok(m.Mutex.Lock()) }
func (m mutex) TryLock() bool { return got(m.Mutex.TryLock()) }

func (m mutex) Unlock() {
	if err := m.Mutex.Unlock(); err == pthread.EPERM {
		panic("unlock of unlocked mutex")
	} else {
		ok(err)
	}
}

// A timedMutexLocker can give up by a clock that suits a duration, if the library has a call for that.
type timedMutexLocker struct{ mutex }

func (m timedMutexLocker) TryLockFor(d time.Duration) bool {
	if d <= 0 {
		return m.TryLock()
	}
	clock, lock := pthread.ClockRealtime, m.Mutex.TimedLock
	if mutexClock() {
		clock = pthread.ClockMonotonic
		lock = func(when pthread.Timespec) error { return m.ClockLock(clock, when) }
	}
	when, err := clock.After(d)
	ok(err)
	return got(lock(when))
}

func TestConformanceMutex(t *testing.T) {
	need(t)
	for _, k := range mutexKinds {
		if k.name == "shared" || k.name == "adaptive" {
			continue // the same code in the library
		}
		t.Run(k.name, func(t *testing.T) {
			k.mutex(t) // or skip
			locktest.Mutex(t, func() sync.Locker {
				m := mutex{k.mutex(t)}
				// With priority inheritance only the wall clock is available; TestMutexTimed
				// tests it.
				if has("pthread_mutex_timedlock") && (k.name == "default" || k.name == "errorcheck" || k.name == "robust") {
					return timedMutexLocker{m}
				}
				return m
			}, options(locktest.Recoverable())...)
		})
	}
}

// A cond is a pthread.Cond with the methods of sync.Cond.
type cond struct {
	*pthread.Cond
	m *pthread.Mutex
}

func (c cond) Wait()      { ok(c.Cond.Wait(c.m)) }
func (c cond) Signal()    { ok(c.Cond.Signal()) }
func (c cond) Broadcast() { ok(c.Cond.Broadcast()) }

func (c cond) WaitFor(d time.Duration) bool {
	if condRelative() {
		return got(c.TimedWaitRelativeNP(c.m, d))
	}
	when, err := pthread.ClockMonotonic.After(d)
	ok(err)
	return got(c.TimedWait(c.m, when))
}

func TestConformanceCond(t *testing.T) {
	need(t)
	locktest.Cond(t, func() (sync.Locker, locktest.Waiter) {
		a := made(pthread.NewCondAttr())(t)
		if has("pthread_condattr_setclock") {
			must(t, a.SetClock(pthread.ClockMonotonic))
		}
		m := newMutex(t, ofType(pthread.TypeErrorCheck))
		return mutex{m}, cond{made(pthread.NewCond(a))(t), m}
	}, options()...)
}

// A rwlock is a pthread.RWLock with the methods of sync.RWMutex.
type rwlock struct{ *pthread.RWLock }

func (l rwlock) Lock()          { ok(l.WrLock()) }
func (l rwlock) Unlock()        { ok(l.RWLock.Unlock()) }
func (l rwlock) RLock()         { ok(l.RdLock()) }
func (l rwlock) RUnlock()       { ok(l.RWLock.Unlock()) }
func (l rwlock) TryLock() bool  { return got(l.TryWrLock()) }
func (l rwlock) TryRLock() bool { return got(l.TryRdLock()) }

// A timedRWLock can give up.
type timedRWLock struct{ rwlock }

func (l timedRWLock) TryLockFor(d time.Duration) bool {
	return l.try(d, l.TryLock, l.TimedWrLock, l.ClockWrLock)
}

func (l timedRWLock) TryRLockFor(d time.Duration) bool {
	return l.try(d, l.TryRLock, l.TimedRdLock, l.ClockRdLock)
}

func (l timedRWLock) try(d time.Duration, try func() bool, timed func(pthread.Timespec) error,
	clocked func(pthread.Clock, pthread.Timespec) error,
) bool {
	if d <= 0 {
		return try()
	}
	if rwlockClock() {
		when, err := pthread.ClockMonotonic.After(d)
		ok(err)
		return got(clocked(pthread.ClockMonotonic, when))
	}
	when, err := pthread.ClockRealtime.After(d)
	ok(err)
	return got(timed(when))
}

func TestConformanceRWLock(t *testing.T) {
	need(t)
	locktest.RWMutex(t, func() locktest.RWLocker {
		a := made(pthread.NewRWLockAttr())(t)
		if has("pthread_rwlockattr_setkind_np") {
			must(t, a.SetKindNP(pthread.PreferWriterNonrecursive))
		}
		l := rwlock{made(pthread.NewRWLock(a))(t)}
		if has("pthread_rwlock_timedwrlock") {
			return timedRWLock{l}
		}
		return l
	}, options()...)
}
