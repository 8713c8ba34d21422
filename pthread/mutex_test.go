// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread_test

import (
	"errors"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/pthread"
)

// TestMutexUse locks and unlocks each kind of mutex, in each way, and has other threads try.
func TestMutexUse(t *testing.T) {
	each(t, func(t *testing.T, k mutexKind) {
		m := k.mutex(t)
		ways := map[string]func() error{"Lock": m.Lock, "TryLock": m.TryLock}
		if has("pthread_mutex_timedlock") {
			ways["TimedLock"] = func() error { return m.TimedLock(pthread.Timespec{}) } // succeeds, since it is free
		}
		if has("pthread_mutex_clocklock") && !strings.Contains(k.name, "inherit") {
			ways["ClockLock"] = func() error { return m.ClockLock(pthread.ClockMonotonic, pthread.Timespec{}) }
		}
		for name, lock := range ways {
			wants(t, name, lock(), nil)
			elsewhere(func() {
				wants(t, name+", TryLock elsewhere", m.TryLock(), pthread.EBUSY)
				wants(t, name+", Unlock elsewhere", m.Unlock(), pthread.EPERM)
				wants(t, name+", TryLock elsewhere, again", m.TryLock(), pthread.EBUSY)
			})
			wants(t, name+", Destroy while locked", m.Destroy(), pthread.EBUSY)
			wants(t, name+", Unlock", m.Unlock(), nil)
			wants(t, name+", Unlock again", m.Unlock(), pthread.EPERM)
		}
		elsewhere(func() {
			wants(t, "Lock elsewhere", m.Lock(), nil)
			wants(t, "Unlock elsewhere", m.Unlock(), nil)
		})
		wants(t, "Destroy", m.Destroy(), nil)
	})
}

// TestMutexTwice locks a mutex twice.
func TestMutexTwice(t *testing.T) {
	for _, c := range []struct {
		typ       pthread.MutexType
		lock, try error
	}{
		{pthread.TypeErrorCheck, pthread.EDEADLK, pthread.EBUSY},
		{pthread.TypeRecursive, nil, nil},
	} {
		t.Run(c.typ.String(), func(t *testing.T) {
			m := newMutex(t, ofType(c.typ))
			must(t, m.Lock())
			wants(t, "Lock", m.Lock(), c.lock)
			wants(t, "TryLock", m.TryLock(), c.try)
			if has("pthread_mutex_timedlock") {
				wants(t, "TimedLock", m.TimedLock(made(pthread.ClockRealtime.After(time.Hour))(t)), c.lock)
			}
			unlocks := 1
			if c.lock == nil {
				unlocks++
				if has("pthread_mutex_timedlock") {
					unlocks++
				}
			}
			if c.try == nil {
				unlocks++
			}
			for range unlocks {
				elsewhere(func() { wants(t, "TryLock elsewhere", m.TryLock(), pthread.EBUSY) })
				wants(t, "Destroy while locked", m.Destroy(), pthread.EBUSY)
				wants(t, "Unlock", m.Unlock(), nil)
			}
			wants(t, "Unlock once more", m.Unlock(), pthread.EPERM)
			elsewhere(func() {
				wants(t, "TryLock elsewhere, after all unlocks", m.TryLock(), nil)
				wants(t, "Unlock elsewhere", m.Unlock(), nil)
			})
		})
	}
}

// TestMutexNormalTwice locks a mutex twice and so waits for itself, as POSIX requires, until a deadline.
func TestMutexNormalTwice(t *testing.T) {
	need(t, "pthread_mutex_timedlock")
	m := newMutex(t, ofType(pthread.TypeNormal))
	must(t, m.Lock())
	wants(t, "TryLock", m.TryLock(), pthread.EBUSY)
	wants(t, "TimedLock", m.TimedLock(made(pthread.ClockRealtime.After(10*time.Millisecond))(t)), pthread.ETIMEDOUT)
	wants(t, "Unlock", m.Unlock(), nil)
}

// TestMutexOverflow locks a recursive mutex more often than it can count. That would take too long, so
// the test sets the count to its last value, on systems where its location is known.
func TestMutexOverflow(t *testing.T) {
	m := newMutex(t, ofType(pthread.TypeRecursive))
	var count *uint32
	var last uint32
	switch version := pthread.Version(); {
	case strings.HasPrefix(version, "glibc"):
		count, last = (*uint32)(unsafe.Add(m.Pointer(), 4)), 1<<32-1
	case version == "musl":
		count, last = (*uint32)(unsafe.Add(m.Pointer(), 20)), 1<<31-1
	default:
		t.Skipf("where a mutex counts is not known of %s", version)
	}
	must(t, m.Lock())
	before := *count
	*count = last
	wants(t, "Lock", m.Lock(), pthread.EAGAIN)
	wants(t, "TryLock", m.TryLock(), pthread.EAGAIN)
	*count = before
	wants(t, "Unlock", m.Unlock(), nil)
	wants(t, "Unlock again", m.Unlock(), pthread.EPERM)
}

func TestMutexTimed(t *testing.T) {
	need(t, "pthread_mutex_timedlock")
	t.Run("TimedLock", func(t *testing.T) {
		timedMutex(t, pthread.ClockRealtime, func(m *pthread.Mutex, when pthread.Timespec) error { return m.TimedLock(when) })
	})
	for _, clock := range []pthread.Clock{pthread.ClockRealtime, pthread.ClockMonotonic} {
		t.Run("ClockLock/"+clock.String(), func(t *testing.T) {
			need(t, "pthread_mutex_clocklock")
			timedMutex(t, clock, func(m *pthread.Mutex, when pthread.Timespec) error { return m.ClockLock(clock, when) })
		})
	}
}

func timedMutex(t *testing.T, clock pthread.Clock, lock func(*pthread.Mutex, pthread.Timespec) error) {
	m := newMutex(t, func(*pthread.MutexAttr) error { return nil })
	hold := func() func() { // holds m until the function that it returns is called
		held, let := make(chan struct{}), make(chan struct{})
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			wants(t, "Lock", m.Lock(), nil)
			close(held)
			<-let
			wants(t, "Unlock", m.Unlock(), nil)
		}()
		<-held
		return func() { close(let); <-gone }
	}
	free := hold()
	timed(t, clock, func(when pthread.Timespec) error { return lock(m, when) },
		func() {},
		func() { free() },
		func() { wants(t, "Unlock", m.Unlock(), nil); free = hold() })
	elsewhere(func() {
		wants(t, "a time with too many nanoseconds", lock(m, pthread.Timespec{Sec: 1, Nsec: 1e9}), pthread.EINVAL)
	})
	free()
}

// died ends a thread with m locked.
func died(t *testing.T, m *pthread.Mutex) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		wants(t, "Lock", m.Lock(), nil) // never unlocked: the thread ends with the goroutine
	}()
	<-done
}

// takeOver locks m after its owner has died. The thread ends a moment after its goroutine.
func takeOver(t *testing.T, m *pthread.Mutex) {
	t.Helper()
	err := m.Lock() // blocks until then
	wants(t, "Lock after its owner died", err, pthread.EOWNERDEAD)
}

func TestMutexRobust(t *testing.T) {
	needRobust(t)
	for _, k := range mutexKinds {
		if !strings.Contains(k.name, "robust") {
			continue
		}
		t.Run(k.name, func(t *testing.T) {
			m := k.mutex(t)
			wants(t, "Consistent of a mutex that is", m.Consistent(), pthread.EINVAL)
			for range 3 {
				died(t, m)
				takeOver(t, m)
				elsewhere(func() { wants(t, "Unlock elsewhere", m.Unlock(), pthread.EPERM) })
				wants(t, "Consistent", m.Consistent(), nil)
				wants(t, "Unlock", m.Unlock(), nil)
				wants(t, "Lock after Consistent", m.Lock(), nil)
				wants(t, "Unlock after Consistent", m.Unlock(), nil)
			}
			died(t, m)
			takeOver(t, m)
			wants(t, "Unlock", m.Unlock(), nil) // without Consistent
			wants(t, "Lock after that", m.Lock(), pthread.ENOTRECOVERABLE)
			wants(t, "TryLock after that", m.TryLock(), pthread.ENOTRECOVERABLE)
			wants(t, "Unlock after that", m.Unlock(), pthread.EPERM)
			wants(t, "Destroy after that", m.Destroy(), nil)
		})
	}
}

func TestMutexPrioCeiling(t *testing.T) {
	need(t, "pthread_mutex_setprioceiling")
	plain := newMutex(t, func(*pthread.MutexAttr) error { return nil })
	_, err := plain.PrioCeiling()
	if err == nil {
		t.Error("PrioCeiling of a mutex without one: no error")
	}
	if _, err := plain.SetPrioCeiling(1); err == nil {
		t.Error("SetPrioCeiling of a mutex without one: no error")
	}
	a := made(pthread.NewMutexAttr())(t)
	if err := a.SetProtocol(pthread.ProtocolProtect); err != nil {
		t.Skipf("ProtocolProtect: %v", err)
	}
	low, high, err := pthread.SchedFIFO.PriorityRange()
	must(t, err)
	must(t, a.SetPrioCeiling(low+1))
	if got := made(a.PrioCeiling())(t); got != low+1 {
		t.Errorf("PrioCeiling of the attributes is %d, want %d", got, low+1)
	}
	wants(t, "a ceiling beyond all", a.SetPrioCeiling(high+1), pthread.EINVAL)
	m := made(pthread.NewMutex(a))(t)
	if got := made(m.PrioCeiling())(t); got != low+1 {
		t.Errorf("PrioCeiling is %d, want %d", got, low+1)
	}
	old, err := m.SetPrioCeiling(low + 2)
	if errors.Is(err, pthread.EPERM) {
		t.Skip("this process may not raise priorities")
	}
	must(t, err)
	if got := made(m.PrioCeiling())(t); old != low+1 || got != low+2 {
		t.Errorf("the ceiling went from %d to %d, want from %d to %d", old, got, low+1, low+2)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // the thread ends with the goroutine, and its priority too
		if err := made(pthread.Self())(t).SetSchedParam(pthread.SchedFIFO, low); err != nil {
			t.Logf("this process may not raise priorities: %v", err)
			return
		}
		wants(t, "Lock", m.Lock(), nil)
		wants(t, "Unlock", m.Unlock(), nil)
		must(t, made(pthread.Self())(t).SetSchedParam(pthread.SchedFIFO, low+3))
		wants(t, "Lock with a priority above the ceiling", m.Lock(), pthread.EINVAL)
	}()
	<-done
}

func TestMutexAttr(t *testing.T) {
	need(t)
	a := made(pthread.NewMutexAttr())(t)
	for _, typ := range []pthread.MutexType{pthread.TypeNormal, pthread.TypeErrorCheck, pthread.TypeRecursive, pthread.TypeAdaptiveNP} {
		err := a.SetType(typ)
		if typ == pthread.TypeAdaptiveNP && err != nil {
			t.Logf("%v: %v", typ, err)
			continue
		}
		wants(t, typ.String(), err, nil)
		if got := made(a.Type())(t); got != typ {
			t.Errorf("Type() = %v after SetType(%v)", got, typ)
		}
	}
	must(t, a.SetType(pthread.TypeDefault))
	wants(t, "an unknown type", a.SetType(9), pthread.EINVAL)
	wants(t, "an unknown type", a.SetType(-1), pthread.EINVAL)
	wants(t, "an unknown protocol", a.SetProtocol(9), pthread.EINVAL)
	for _, p := range []pthread.Protocol{pthread.ProtocolInherit, pthread.ProtocolNone} {
		if err := a.SetProtocol(p); errors.Is(err, errors.ErrUnsupported) {
			t.Log(err)
			continue
		}
		if got := made(a.Protocol())(t); got != p {
			t.Errorf("Protocol() = %v, want %v", got, p)
		}
	}
	for _, is := range []bool{true, false} {
		if err := a.SetPShared(is); err != nil {
			t.Logf("SetPShared(%v): %v", is, err)
		} else if got := made(a.PShared())(t); got != is {
			t.Errorf("PShared() = %v, want %v", got, is)
		}
		if err := a.SetRobust(is); err != nil {
			t.Logf("SetRobust(%v): %v", is, err)
		} else if got := made(a.Robust())(t); got != is {
			t.Errorf("Robust() = %v, want %v", got, is)
		}
		if err := a.SetFairNP(is); err != nil {
			t.Logf("SetFairNP(%v): %v", is, err)
		} else if got := made(a.FairNP())(t); got != is {
			t.Errorf("FairNP() = %v, want %v", got, is)
		}
	}
	wants(t, "Destroy", a.Destroy(), nil)
	wants(t, "Destroy again", a.Destroy(), nil)
	wants(t, "SetType after Destroy", a.SetType(pthread.TypeNormal), pthread.ErrDestroyed)
	_, err := a.Type()
	wants(t, "Type after Destroy", err, pthread.ErrDestroyed)
	_, err = pthread.NewMutex(a)
	wants(t, "NewMutex with destroyed attributes", err, pthread.ErrDestroyed)
}

func TestMutexDestroyed(t *testing.T) {
	m := newMutex(t, func(*pthread.MutexAttr) error { return nil })
	if m.Pointer() == nil {
		t.Error("Pointer() = nil")
	}
	wants(t, "Destroy", m.Destroy(), nil)
	for range 3 {
		wants(t, "Destroy again", m.Destroy(), nil)
	}
	wants(t, "Lock", m.Lock(), pthread.ErrDestroyed)
	wants(t, "TryLock", m.TryLock(), pthread.ErrDestroyed)
	wants(t, "TimedLock", m.TimedLock(pthread.Timespec{}), pthread.ErrDestroyed)
	wants(t, "ClockLock", m.ClockLock(pthread.ClockMonotonic, pthread.Timespec{}), pthread.ErrDestroyed)
	wants(t, "Unlock", m.Unlock(), pthread.ErrDestroyed)
	wants(t, "Consistent", m.Consistent(), pthread.ErrDestroyed)
	_, err := m.PrioCeiling()
	wants(t, "PrioCeiling", err, pthread.ErrDestroyed)
	if m.Pointer() != nil {
		t.Error("Pointer() after Destroy is not nil")
	}
}

// TestDestroyRace destroys a mutex while other threads use it: they get an error, and nothing
// crashes.
func TestDestroyRace(t *testing.T) {
	need(t)
	for range 50 {
		m := newMutex(t, ofType(pthread.TypeErrorCheck))
		var g sync.WaitGroup
		for range 3 {
			g.Go(func() {
				for m.TryLock() != pthread.ErrDestroyed {
					_ = m.Unlock()
				}
			})
			g.Go(func() {
				for m.Destroy() == pthread.EBUSY {
					runtime.Gosched()
				}
			})
		}
		g.Wait()
		wants(t, "Destroy at the end", m.Destroy(), nil)
	}
}

// TestMutexFreed drops handles, with the mutex destroyed, unlocked and locked. Only a locked mutex
// must remain.
func TestMutexFreed(t *testing.T) {
	need(t)
	var freed sync.Map
	defer pthread.OnFree(func(addr uintptr) { freed.Store(addr, true) })()
	isFreed := func(addr uintptr) bool { _, ok := freed.Load(addr); return ok }
	drop := func(use func(m *pthread.Mutex)) uintptr {
		m := newMutex(t, func(*pthread.MutexAttr) error { return nil })
		addr := uintptr(m.Pointer())
		freed.Delete(addr) // it may have belonged to another object
		use(m)
		return addr
	}
	plain := drop(func(*pthread.Mutex) {})
	collected(t, "a mutex that nobody destroyed has to be freed", func() bool { return isFreed(plain) })
	destroyed := drop(func(m *pthread.Mutex) { must(t, m.Destroy()) })
	collected(t, "a destroyed mutex has to be freed", func() bool { return isFreed(destroyed) })

	elsewhere(func() {
		locked = drop(func(m *pthread.Mutex) { must(t, m.Lock()) })
		var last uintptr
		for range 3 { // cleanups run in no order, so check more than once
			last = drop(func(*pthread.Mutex) {})
			collected(t, "a mutex made later has to be freed", func() bool { return isFreed(last) })
		}
	})
	if isFreed(locked) {
		t.Error("a locked mutex was freed")
	}
}

// locked is the address of the mutex that TestMutexFreed loses. It is in a variable of the program
// so that the leak detector of -asan finds it.
var locked uintptr

func TestMutexAt(t *testing.T) {
	need(t)
	memory := new([8]uint64) // Go's, which suffices for a mutex that no thread waits for
	p := unsafe.Pointer(memory)
	if size := pthread.SizeOf().Mutex; size > unsafe.Sizeof(*memory) {
		t.Fatalf("a mutex has %d bytes", size)
	}
	m := made(pthread.InitMutexAt(p, nil))(t)
	if m.Pointer() != p {
		t.Errorf("Pointer() = %p, want %p", m.Pointer(), p)
	}
	must(t, m.Lock())
	elsewhere(func() { wants(t, "another handle, TryLock", pthread.MutexAt(p).TryLock(), pthread.EBUSY) })
	must(t, m.Unlock())
	must(t, m.Destroy())
	wants(t, "Lock after Destroy", m.Lock(), pthread.ErrDestroyed)

	for _, p := range []unsafe.Pointer{nil, unsafe.Add(p, 1)} {
		m := pthread.MutexAt(p)
		wants(t, "Lock at a bad place", m.Lock(), pthread.EINVAL)
		wants(t, "Unlock at a bad place", m.Unlock(), pthread.EINVAL)
		wants(t, "Destroy at a bad place", m.Destroy(), pthread.EINVAL)
		_, err := pthread.InitMutexAt(p, nil)
		wants(t, "InitMutexAt a bad place", err, pthread.EINVAL)
	}
	runtime.KeepAlive(memory)
}

// TestMutexPins checks that a goroutine stays on its thread while it holds a mutex, and that it is
// afterwards as locked to its thread as before.
func TestMutexPins(t *testing.T) {
	m := newMutex(t, ofType(pthread.TypeRecursive))
	// A thread ends with a goroutine only if the goroutine is locked to it. So a key's value,
	// which belongs to the thread, is gone if the goroutine was locked.
	for _, c := range []struct {
		name string
		f    func()
	}{
		{"Lock, Unlock", func() { _, _ = m.Lock(), m.Unlock() }},
		{"Lock twice, Unlock twice", func() { _, _, _, _ = m.Lock(), m.Lock(), m.Unlock(), m.Unlock() }},
		{"TryLock in vain", func() {
			elsewhere(func() {
				must(t, m.Lock())
				elsewhere(func() { wants(t, "TryLock", m.TryLock(), pthread.EBUSY) })
				must(t, m.Unlock())
			})
		}},
	} {
		done := make(chan struct{})
		go func() {
			defer close(done)
			c.f()
			if pinned() {
				t.Errorf("%s: the goroutine is still locked to its thread", c.name)
			}
		}()
		<-done
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = m.Lock()
		_ = m.Lock()
		if !pinned() {
			t.Error("two locks: the goroutine is not locked to its thread")
		}
		_ = m.Unlock()
		if !pinned() {
			t.Error("two locks, one unlock: the goroutine is not locked to its thread")
		}
		_ = m.Unlock()
	}()
	<-done
}

// pinned reports whether the calling goroutine is locked to its thread, according to its stack.
func pinned() bool {
	first, _, _ := strings.Cut(string(stack()), "\n")
	return strings.Contains(first, "locked to thread")
}

// stack returns the dump of all goroutines, the caller's first.
func stack() []byte {
	buf := make([]byte, 1<<16)
	return buf[:runtime.Stack(buf, true)]
}

// TestBlockedCalls blocks goroutines in the library, with one processor of Go's: the program must
// collect garbage and run other goroutines meanwhile.
func TestBlockedCalls(t *testing.T) {
	need(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	m := newMutex(t, func(*pthread.MutexAttr) error { return nil })
	c := made(pthread.NewCond(nil))(t)
	const blocked = 5
	var g sync.WaitGroup
	var came atomic.Int32
	stop := false
	for range blocked {
		g.Go(func() {
			must(t, m.Lock())
			came.Add(1)
			for !stop {
				wants(t, "Wait", c.Wait(m), nil)
			}
			must(t, m.Unlock())
		})
	}
	locktest.Eventually(t, "waiters", func() bool { return came.Load() == blocked })
	must(t, m.Lock()) // those that have arrived are in Wait
	for range blocked {
		g.Go(func() {
			came.Add(1)
			wants(t, "Lock", m.Lock(), nil)
			wants(t, "Unlock", m.Unlock(), nil)
		})
	}
	locktest.Eventually(t, "lockers", func() bool { return came.Load() == 2*blocked })
	var turns atomic.Int64
	quit := make(chan struct{})
	g.Go(func() {
		for {
			select {
			case <-quit:
				return
			default:
				turns.Add(1)
				runtime.Gosched()
			}
		}
	})
	for range 10 {
		before := turns.Load()
		runtime.GC()
		debug.FreeOSMemory()
		locktest.Eventually(t, "another goroutine has to run", func() bool { return turns.Load() > before })
	}
	close(quit)
	stop = true
	must(t, c.Broadcast())
	must(t, m.Unlock())
	g.Wait()
}
