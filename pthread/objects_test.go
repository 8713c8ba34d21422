// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/pthread"
)

func TestCondErrors(t *testing.T) {
	need(t)
	for _, k := range mutexKinds[:4] {
		t.Run(k.name, func(t *testing.T) {
			m, c := k.mutex(t), made(pthread.NewCond(nil))(t)
			wants(t, "Signal, nobody waits", c.Signal(), nil)
			wants(t, "Broadcast, nobody waits", c.Broadcast(), nil)
			must(t, m.Lock())
			elsewhere(func() { wants(t, "Wait with another's mutex", c.Wait(m), pthread.EPERM) })
			wants(t, "TimedWait, past", c.TimedWait(m, pthread.Timespec{}), pthread.ETIMEDOUT)
			elsewhere(func() { wants(t, "TryLock after a wait", m.TryLock(), pthread.EBUSY) })
			if !pinned() {
				t.Error("after a wait the goroutine is not locked to its thread")
			}
			if k.name == "recursive" {
				must(t, m.Lock())
				wants(t, "Wait with a mutex locked twice", c.Wait(m), pthread.EINVAL)
				must(t, m.Unlock())
			}
			wants(t, "Unlock after waits", m.Unlock(), nil)
			wants(t, "Wait with nobody's mutex", c.Wait(m), pthread.EPERM)
			wants(t, "TryLock after Wait with nobody's mutex", m.TryLock(), nil)
			wants(t, "Unlock after that", m.Unlock(), nil)
			if pinned() {
				t.Error("after a Wait that failed the goroutine is locked to its thread")
			}
			wants(t, "Destroy", c.Destroy(), nil)
			wants(t, "Destroy again", c.Destroy(), nil)
			wants(t, "Signal after Destroy", c.Signal(), pthread.ErrDestroyed)
			wants(t, "Broadcast after Destroy", c.Broadcast(), pthread.ErrDestroyed)
			wants(t, "Wait after Destroy", c.Wait(m), pthread.ErrDestroyed)
			if c.Pointer() != nil {
				t.Error("Pointer() after Destroy is not nil")
			}
			must(t, m.Destroy())
			wants(t, "Wait with a destroyed mutex", made(pthread.NewCond(nil))(t).Wait(m), pthread.ErrDestroyed)
		})
	}
}

func TestCondTimed(t *testing.T) {
	need(t)
	for _, c := range []struct {
		name  string
		needs string
		clock pthread.Clock
		attr  func(a *pthread.CondAttr) error
		wait  func(c *pthread.Cond, m *pthread.Mutex, when pthread.Timespec) error
	}{
		{"TimedWait", "pthread_cond_timedwait", pthread.ClockRealtime, nil, (*pthread.Cond).TimedWait},
		{
			"TimedWait/monotonic", "pthread_condattr_setclock", pthread.ClockMonotonic,
			func(a *pthread.CondAttr) error { return a.SetClock(pthread.ClockMonotonic) }, (*pthread.Cond).TimedWait,
		},
		{
			"ClockWait", "pthread_cond_clockwait", pthread.ClockMonotonic, nil,
			func(c *pthread.Cond, m *pthread.Mutex, when pthread.Timespec) error {
				return c.ClockWait(m, pthread.ClockMonotonic, when)
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			need(t, c.needs)
			a := made(pthread.NewCondAttr())(t)
			if c.attr != nil {
				must(t, c.attr(a))
			}
			cond, m := made(pthread.NewCond(a))(t), newMutex(t, ofType(pthread.TypeErrorCheck))
			waiting, woken := false, false
			locked := func(f func()) {
				must(t, m.Lock())
				f()
				must(t, m.Unlock())
			}
			timed(t, c.clock, func(when pthread.Timespec) error {
				must(t, m.Lock())
				waiting = true
				var err error
				for !woken && err == nil {
					err = c.wait(cond, m, when)
				}
				waiting, woken = false, false
				must(t, m.Unlock())
				return err
			}, func() {}, func() {
				locktest.Eventually(t, "a waiter", func() (is bool) {
					locked(func() { is = waiting })
					return is
				})
				locked(func() {
					wants(t, "Destroy while someone waits", cond.Destroy(), pthread.EBUSY)
					woken = true
				})
				must(t, cond.Signal())
			}, func() {})
			must(t, m.Lock())
			wants(t, "a time with too many nanoseconds", c.wait(cond, m, pthread.Timespec{Sec: 1, Nsec: 1e9}), pthread.EINVAL)
			wants(t, "Unlock after that", m.Unlock(), nil)
		})
	}
}

func TestCondRelative(t *testing.T) {
	need(t, "pthread_cond_timedwait_relative_np")
	m, c := newMutex(t, ofType(pthread.TypeErrorCheck)), made(pthread.NewCond(nil))(t)
	must(t, m.Lock())
	for _, d := range []time.Duration{-1, 0, time.Millisecond} {
		start := time.Now()
		wants(t, "TimedWaitRelativeNP", c.TimedWaitRelativeNP(m, d), pthread.ETIMEDOUT)
		if took := time.Since(start); took < d {
			t.Errorf("TimedWaitRelativeNP(%v) took %v", d, took)
		}
	}
	must(t, m.Unlock())
}

func TestCondAttr(t *testing.T) {
	need(t)
	a := made(pthread.NewCondAttr())(t)
	for _, clock := range []pthread.Clock{pthread.ClockMonotonic, pthread.ClockRealtime} {
		if err := a.SetClock(clock); err != nil {
			t.Log(err)
		} else if got := made(a.Clock())(t); got != clock {
			t.Errorf("Clock() = %v, want %v", got, clock)
		}
	}
	if has("pthread_condattr_setclock") {
		wants(t, "an unknown clock", a.SetClock(9), pthread.EINVAL)
	}
	for _, is := range []bool{true, false} {
		if err := a.SetPShared(is); err != nil {
			t.Log(err)
		} else if got := made(a.PShared())(t); got != is {
			t.Errorf("PShared() = %v, want %v", got, is)
		}
	}
	wants(t, "Destroy", a.Destroy(), nil)
	wants(t, "Destroy again", a.Destroy(), nil)
	_, err := pthread.NewCond(a)
	wants(t, "NewCond with destroyed attributes", err, pthread.ErrDestroyed)
}

// TestCondRobust ends the owner of a robust mutex while another thread waits with it.
func TestCondRobust(t *testing.T) {
	needRobust(t)
	for _, consistent := range []bool{true, false} {
		m, c := newMutex(t, robust), made(pthread.NewCond(nil))(t)
		waiting := make(chan struct{})
		done := make(chan struct{})
		go func() {
			defer close(done)
			must(t, m.Lock())
			close(waiting)
			var err error
			for err == nil { // until EOWNERDEAD; a Signal also ends Wait
				err = c.Wait(m)
			}
			wants(t, "Wait after the owner died", err, pthread.EOWNERDEAD)
			if consistent {
				wants(t, "Consistent", m.Consistent(), nil)
			}
			wants(t, "Unlock", m.Unlock(), nil)
		}()
		<-waiting
		must(t, m.Lock()) // the waiter is in Wait
		must(t, c.Signal())
		must(t, m.Unlock())
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			must(t, m.Lock())
			must(t, c.Signal())
		}() // the thread ends here and holds m
		<-gone
		<-done
		if consistent {
			wants(t, "Lock", m.Lock(), nil)
			wants(t, "Unlock", m.Unlock(), nil)
		} else {
			wants(t, "Lock", m.Lock(), pthread.ENOTRECOVERABLE)
		}
	}
}

func TestRWLockUse(t *testing.T) {
	need(t)
	l := made(pthread.NewRWLock(nil))(t)
	for name, lock := range map[string]func() error{"RdLock": l.RdLock, "TryRdLock": l.TryRdLock} {
		wants(t, name, lock(), nil)
		if !pinned() {
			t.Errorf("%s does not lock the goroutine to its thread", name)
		}
		elsewhere(func() {
			wants(t, name+", TryRdLock elsewhere", l.TryRdLock(), nil)
			wants(t, name+", Unlock elsewhere", l.Unlock(), nil)
			wants(t, name+", TryWrLock elsewhere", l.TryWrLock(), pthread.EBUSY)
		})
		wants(t, name+", Destroy while locked", l.Destroy(), pthread.EBUSY)
		wants(t, name+", Unlock", l.Unlock(), nil)
		wants(t, name+", Unlock again", l.Unlock(), pthread.EPERM)
	}
	for name, lock := range map[string]func() error{"WrLock": l.WrLock, "TryWrLock": l.TryWrLock} {
		wants(t, name, lock(), nil)
		elsewhere(func() {
			wants(t, name+", TryRdLock elsewhere", l.TryRdLock(), pthread.EBUSY)
			wants(t, name+", TryWrLock elsewhere", l.TryWrLock(), pthread.EBUSY)
			wants(t, name+", Unlock elsewhere", l.Unlock(), pthread.EPERM)
		})
		wants(t, name+", Destroy while locked", l.Destroy(), pthread.EBUSY)
		wants(t, name+", Unlock", l.Unlock(), nil)
		wants(t, name+", Unlock again", l.Unlock(), pthread.EPERM)
	}
	wants(t, "Destroy", l.Destroy(), nil)
	wants(t, "Destroy again", l.Destroy(), nil)
	for name, call := range map[string]func() error{
		"RdLock": l.RdLock, "TryRdLock": l.TryRdLock, "WrLock": l.WrLock, "TryWrLock": l.TryWrLock, "Unlock": l.Unlock,
	} {
		wants(t, name+" after Destroy", call(), pthread.ErrDestroyed)
	}
}

// TestRWLockTwice locks for writing and then tries to lock again. musl then waits for itself, as POSIX allows.
func TestRWLockTwice(t *testing.T) {
	need(t)
	if pthread.Version() == "musl" {
		t.Skip("musl waits for ever")
	}
	l := made(pthread.NewRWLock(nil))(t)
	must(t, l.WrLock())
	wants(t, "WrLock", l.WrLock(), pthread.EDEADLK)
	wants(t, "RdLock", l.RdLock(), pthread.EDEADLK)
	wants(t, "Unlock", l.Unlock(), nil)
}

func TestRWLockTimed(t *testing.T) {
	need(t, "pthread_rwlock_timedwrlock")
	for _, c := range []struct {
		name, needs string
		clock       pthread.Clock
		lock        func(l *pthread.RWLock, when pthread.Timespec) error
		read        bool
	}{
		{"TimedRdLock", "pthread_rwlock_timedrdlock", pthread.ClockRealtime, (*pthread.RWLock).TimedRdLock, true},
		{"TimedWrLock", "pthread_rwlock_timedwrlock", pthread.ClockRealtime, (*pthread.RWLock).TimedWrLock, false},
		{
			"ClockRdLock", "pthread_rwlock_clockrdlock", pthread.ClockMonotonic,
			func(l *pthread.RWLock, when pthread.Timespec) error {
				return l.ClockRdLock(pthread.ClockMonotonic, when)
			}, true,
		},
		{
			"ClockWrLock", "pthread_rwlock_clockwrlock", pthread.ClockMonotonic,
			func(l *pthread.RWLock, when pthread.Timespec) error {
				return l.ClockWrLock(pthread.ClockMonotonic, when)
			}, false,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			need(t, c.needs)
			l := made(pthread.NewRWLock(nil))(t)
			hold := func() func() {
				held, let, gone := make(chan struct{}), make(chan struct{}), make(chan struct{})
				go func() {
					defer close(gone)
					must(t, l.WrLock())
					close(held)
					<-let
					must(t, l.Unlock())
				}()
				<-held
				return func() { close(let); <-gone }
			}
			free := hold()
			timed(t, c.clock, func(when pthread.Timespec) error { return c.lock(l, when) },
				func() {}, func() { free() },
				func() { must(t, l.Unlock()); free = hold() })
			free()
			wants(t, "a free lock, after the deadline", c.lock(l, pthread.Timespec{}), nil)
			wants(t, "Unlock", l.Unlock(), nil)
		})
	}
}

func TestRWLockAttr(t *testing.T) {
	need(t)
	a := made(pthread.NewRWLockAttr())(t)
	for _, k := range []pthread.RWLockKind{pthread.PreferWriterNonrecursive, pthread.PreferWriter, pthread.PreferReader} {
		if err := a.SetKindNP(k); err != nil {
			t.Log(err)
		} else if got := made(a.KindNP())(t); got != k {
			t.Errorf("KindNP() = %v, want %v", got, k)
		}
	}
	for _, is := range []bool{true, false} {
		if err := a.SetPShared(is); err != nil {
			t.Log(err)
		} else if got := made(a.PShared())(t); got != is {
			t.Errorf("PShared() = %v, want %v", got, is)
		}
	}
	wants(t, "Destroy", a.Destroy(), nil)
	wants(t, "Destroy again", a.Destroy(), nil)
	_, err := pthread.NewRWLock(a)
	wants(t, "NewRWLock with destroyed attributes", err, pthread.ErrDestroyed)
}

func TestSpin(t *testing.T) {
	need(t, "pthread_spin_lock")
	l := made(pthread.NewSpin())(t)
	for name, lock := range map[string]func() error{"Lock": l.Lock, "TryLock": l.TryLock} {
		wants(t, name, lock(), nil)
		if !pinned() {
			t.Errorf("%s does not lock the goroutine to its thread", name)
		}
		elsewhere(func() {
			wants(t, name+", TryLock elsewhere", l.TryLock(), pthread.EBUSY)
			wants(t, name+", Unlock elsewhere", l.Unlock(), pthread.EPERM)
		})
		wants(t, name+", Destroy while locked", l.Destroy(), pthread.EBUSY)
		wants(t, name+", Unlock", l.Unlock(), nil)
		wants(t, name+", Unlock again", l.Unlock(), pthread.EPERM)
	}
	const workers, rounds = 4, 300
	count := 0
	var g sync.WaitGroup
	for range workers {
		g.Go(func() {
			for range rounds {
				must(t, l.Lock())
				count++
				must(t, l.Unlock())
			}
		})
	}
	g.Wait()
	if count != workers*rounds {
		t.Errorf("counted %d, want %d", count, workers*rounds)
	}
	wants(t, "Destroy", l.Destroy(), nil)
	wants(t, "Destroy again", l.Destroy(), nil)
	wants(t, "Lock after Destroy", l.Lock(), pthread.ErrDestroyed)
	wants(t, "Unlock after Destroy", l.Unlock(), pthread.ErrDestroyed)
}

func TestBarrier(t *testing.T) {
	need(t, "pthread_barrier_wait")
	_, err := pthread.NewBarrier(nil, 0)
	wants(t, "a barrier for nobody", err, pthread.EINVAL)
	const threads, rounds = 4, 50
	a := made(pthread.NewBarrierAttr())(t)
	for _, is := range []bool{true, false} {
		must(t, a.SetPShared(is))
		if got := made(a.PShared())(t); got != is {
			t.Errorf("PShared() = %v, want %v", got, is)
		}
	}
	b := made(pthread.NewBarrier(a, threads))(t)
	wants(t, "Destroy of the attributes", a.Destroy(), nil)
	var serial atomic.Int32
	var arrived [threads]int // the barrier orders the plain reads by the others
	var g sync.WaitGroup
	for i := range threads {
		g.Go(func() {
			for round := range rounds {
				arrived[i] = round + 1
				is, err := b.Wait()
				must(t, err)
				if is {
					serial.Add(1)
				}
				for j, n := range &arrived {
					if n != round+1 {
						t.Errorf("in round %d, %d has been in %d", round, j, n)
					}
				}
				is, err = b.Wait() // before any thread goes on
				must(t, err)
				if is {
					serial.Add(1)
				}
			}
		})
	}
	g.Wait()
	if n := serial.Load(); n != 2*rounds {
		t.Errorf("%d were the serial thread, want one in each of %d rounds", n, 2*rounds)
	}

	g.Go(func() { _, err := b.Wait(); must(t, err) })
	locktest.Eventually(t, "one who waits", func() bool { return pthread.Users(b) == 1 })
	wants(t, "Destroy while someone waits", b.Destroy(), pthread.EBUSY)
	for range threads - 1 {
		g.Go(func() { _, err := b.Wait(); must(t, err) })
	}
	g.Wait()
	wants(t, "Destroy", b.Destroy(), nil)
	wants(t, "Destroy again", b.Destroy(), nil)
	_, err = b.Wait()
	wants(t, "Wait after Destroy", err, pthread.ErrDestroyed)
}

func TestOnce(t *testing.T) {
	need(t)
	o := made(pthread.NewOnce())(t)
	other := made(pthread.NewOnce())(t)
	var runs atomic.Int32
	var g sync.WaitGroup
	done := false
	for range 8 {
		g.Go(func() {
			must(t, o.Do(func() {
				runs.Add(1)
				must(t, other.Do(func() { runs.Add(10) })) // one within another
				runtime.GC()
				done = true
			}))
			if !done {
				t.Error("Do returned before the function had ended")
			}
		})
	}
	g.Wait()
	if n := runs.Load(); n != 11 {
		t.Errorf("counted %d, want 11", n)
	}

	p := made(pthread.NewOnce())(t)
	locktest.Panics(t, "Do", "boom", func() { _ = p.Do(func() { panic("boom") }) })
	must(t, p.Do(func() { t.Error("it ran again after a panic") }))

	memory := new([2]uint64) // a static pthread_once_t on systems where that is zero
	if runtime.GOOS != "darwin" {
		ran := false
		must(t, pthread.OnceAt(unsafe.Pointer(memory)).Do(func() { ran = true }))
		must(t, pthread.OnceAt(unsafe.Pointer(memory)).Do(func() { t.Error("it ran again") }))
		if !ran {
			t.Error("a zero pthread_once_t runs nothing")
		}
	}
}

func TestKey(t *testing.T) {
	need(t)
	k := made(pthread.NewKey(0))(t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if v := made(k.Get())(t); v != 0 {
		t.Errorf("a new key has the value %d", v)
	}
	must(t, k.Set(17))
	elsewhere(func() {
		if v := made(k.Get())(t); v != 0 {
			t.Errorf("elsewhere the key has the value %d", v)
		}
		must(t, k.Set(18))
	})
	if v := made(k.Get())(t); v != 17 {
		t.Errorf("the key has the value %d, want 17", v)
	}
	second := made(pthread.NewKey(0))(t)
	if second.ID() == k.ID() {
		t.Errorf("two keys have the number %d", k.ID())
	}
	wants(t, "Delete", k.Delete(), nil)
	wants(t, "Delete again", k.Delete(), nil)
	wants(t, "Set after Delete", k.Set(1), pthread.ErrDestroyed)
	_, err := k.Get()
	wants(t, "Get after Delete", err, pthread.ErrDestroyed)
	wants(t, "Delete", second.Delete(), nil)
}

// TestKeys makes more keys than are available.
func TestKeys(t *testing.T) {
	need(t)
	var keys []*pthread.Key
	var err error
	for range 5000 {
		var k *pthread.Key
		if k, err = pthread.NewKey(0); err != nil {
			break
		}
		keys = append(keys, k)
	}
	wants(t, "a key too many", err, pthread.EAGAIN)
	for _, k := range keys {
		must(t, k.Delete())
	}
}

// TestKeyDestructor ends a thread that has a value. pthread_spin_unlock is a C function
// that takes a pointer and leaves a trace: it stores the value of a free lock.
func TestKeyDestructor(t *testing.T) {
	need(t, "pthread_spin_unlock")
	if runtime.GOOS != "linux" {
		t.Skip("a spin lock is a word on Linux only")
	}
	lock := new(atomic.Uint32)
	lock.Store(7)
	k := made(pthread.NewKey(pthread.Dlsym("pthread_spin_unlock")))(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread ends
		must(t, k.Set(uintptr(unsafe.Pointer(lock))))
	}()
	<-done
	locktest.Eventually(t, "the destructor", func() bool { return lock.Load() != 7 })
	must(t, k.Delete())
}
