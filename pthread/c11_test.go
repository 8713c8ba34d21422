// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread_test

import (
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/pthread"
)

// mtxTypes are all types of C11.
var mtxTypes = []pthread.MtxType{
	pthread.MtxPlain, pthread.MtxTimed, pthread.MtxPlain | pthread.MtxRecursive, pthread.MtxTimed | pthread.MtxRecursive,
}

func newMtx(t testing.TB, typ pthread.MtxType) *pthread.Mtx {
	t.Helper()
	need(t, "mtx_init")
	return made(pthread.NewMtx(typ))(t)
}

func TestMtxUse(t *testing.T) {
	for _, typ := range mtxTypes {
		t.Run(typ.String(), func(t *testing.T) {
			m := newMtx(t, typ)
			for name, lock := range map[string]func() error{
				"Lock":      m.Lock,
				"TryLock":   m.TryLock,
				"TimedLock": func() error { return m.TimedLock(pthread.Timespec{}) }, // succeeds, since it is free
			} {
				wants(t, name, lock(), nil)
				if !pinned() {
					t.Error("the owner is not locked to its thread")
				}
				elsewhere(func() {
					wants(t, name+", TryLock elsewhere", m.TryLock(), pthread.EBUSY)
					wants(t, name+", Unlock elsewhere", m.Unlock(), pthread.EPERM)
					wants(t, name+", TryLock elsewhere, again", m.TryLock(), pthread.EBUSY)
				})
				wants(t, name+", Destroy while locked", m.Destroy(), pthread.EBUSY)
				wants(t, name+", Unlock", m.Unlock(), nil)
				wants(t, name+", Unlock again", m.Unlock(), pthread.EPERM)
			}
			must(t, m.Lock())
			if typ&pthread.MtxRecursive != 0 {
				wants(t, "Lock, twice", m.Lock(), nil)
				wants(t, "TryLock, three times", m.TryLock(), nil)
				wants(t, "Unlock", m.Unlock(), nil)
				wants(t, "Unlock, twice", m.Unlock(), nil)
				elsewhere(func() { wants(t, "TryLock elsewhere", m.TryLock(), pthread.EBUSY) })
			} else {
				wants(t, "TryLock, twice", m.TryLock(), pthread.EBUSY)
				wants(t, "TimedLock, twice", m.TimedLock(made(pthread.ClockRealtime.After(time.Millisecond))(t)), pthread.ETIMEDOUT)
			}
			wants(t, "the last Unlock", m.Unlock(), nil)
			if pinned() {
				t.Error("the goroutine is locked to its thread, and holds nothing")
			}
			for range 2 {
				wants(t, "Destroy", m.Destroy(), nil)
			}
			wants(t, "Lock after Destroy", m.Lock(), pthread.ErrDestroyed)
			if m.Pointer() != nil {
				t.Error("Pointer() after Destroy is not nil")
			}
		})
	}
	need(t, "mtx_init")
	_, err := pthread.NewMtx(4)
	wants(t, "a type that is none", err, pthread.EINVAL)
	_, err = pthread.InitMtxAt(nil, pthread.MtxPlain)
	wants(t, "InitMtxAt a bad place", err, pthread.EINVAL)
	_, err = pthread.InitCndAt(nil)
	wants(t, "InitCndAt a bad place", err, pthread.EINVAL)
	if err == nil || !strings.Contains(err.Error(), "object at nil") {
		t.Errorf("InitCndAt(nil) = %v, want what is wrong", err)
	}
	_, err = pthread.InitCndAt(unsafe.Add(unsafe.Pointer(new([16]uint64)), 1))
	if err == nil || !strings.Contains(err.Error(), "want a multiple of") {
		t.Errorf("InitCndAt of an odd address = %v, want what is wrong", err)
	}
}

// TestC11Numbers checks the numbers of each system, whose enumerations differ.
func TestC11Numbers(t *testing.T) {
	const plain, timed, recursive = pthread.MtxPlain, pthread.MtxTimed, pthread.MtxRecursive
	type numbers struct {
		types map[pthread.MtxType]uintptr
		errs  map[int32]error
	}
	bsd := map[pthread.MtxType]uintptr{plain: 1, timed: 4, plain | recursive: 3, timed | recursive: 6}
	for platform, want := range map[string]numbers{
		"linux/amd64": {
			map[pthread.MtxType]uintptr{plain: 0, timed: 2, plain | recursive: 1, timed | recursive: 3},
			map[int32]error{0: nil, 1: pthread.EBUSY, 2: pthread.EINVAL, 3: pthread.NoMemory, 4: pthread.ETIMEDOUT},
		},
		"freebsd/amd64": {bsd, map[int32]error{4: nil, 1: pthread.EBUSY, 2: pthread.EINVAL, 3: pthread.NoMemory, 5: pthread.ETIMEDOUT}},
		"netbsd/arm64":  {bsd, map[int32]error{0: nil, 1: pthread.EBUSY, 2: pthread.EINVAL, 3: pthread.NoMemory, -1: pthread.ETIMEDOUT}},
	} {
		mtx, thrd := pthread.C11Of(platform)
		for typ, want := range want.types {
			if got, err := mtx(typ); got != want || err != nil {
				t.Errorf("%s: %v is %d (%v), want %d", platform, typ, got, err, want)
			}
		}
		for _, typ := range []pthread.MtxType{-1, 4, 8} {
			_, err := mtx(typ)
			wants(t, platform+": a type that is none", err, pthread.EINVAL)
		}
		for r, want := range want.errs {
			wants(t, platform+": a result", thrd(r), want)
		}
		wants(t, platform+": a result that is none", thrd(77), pthread.EINVAL)
	}
}

// TestMtxThrdError provokes thrd_error: an unlock of a recursive mutex by a thread that does not hold it, through
// a handle that asks the library; and an invalid deadline.
func TestMtxThrdError(t *testing.T) {
	m := newMtx(t, pthread.MtxPlain|pthread.MtxRecursive)
	asking := pthread.MtxAt(m.Pointer())
	want := pthread.EINVAL
	if pthread.Version() == "musl" { // its mtx_unlock returns what pthread_mutex_unlock does
		want = pthread.EBUSY
	}
	must(t, m.Lock())
	elsewhere(func() {
		wants(t, "Unlock", asking.Unlock(), want)
		wants(t, "TimedLock", m.TimedLock(pthread.Timespec{Sec: 1, Nsec: 1e9}), pthread.EINVAL)
	})
	wants(t, "Unlock by the owner", asking.Unlock(), nil) // the first handle does not know of it
}

func TestMtxTimed(t *testing.T) {
	m := newMtx(t, pthread.MtxTimed)
	must(t, m.Lock())
	let, gone := make(chan struct{}), make(chan struct{})
	elsewhere(func() {
		wants(t, "TimedLock, past", m.TimedLock(pthread.Timespec{}), pthread.ETIMEDOUT)
		now := made(pthread.ClockRealtime.After(5 * time.Millisecond))(t)
		wants(t, "TimedLock, soon", m.TimedLock(now), pthread.ETIMEDOUT)
		if less(made(pthread.ClockRealtime.Now())(t), now) {
			t.Error("it gave up too early")
		}
	})
	go func() {
		close(let)
		wants(t, "TimedLock, far", m.TimedLock(made(pthread.ClockRealtime.After(time.Hour))(t)), nil)
		wants(t, "Unlock", m.Unlock(), nil)
		close(gone)
	}()
	<-let
	must(t, m.Unlock())
	<-gone
}

func TestCndErrors(t *testing.T) {
	m := newMtx(t, pthread.MtxTimed)
	c := made(pthread.NewCnd())(t)
	wants(t, "Signal, nobody waits", c.Signal(), nil)
	wants(t, "Broadcast, nobody waits", c.Broadcast(), nil)
	must(t, m.Lock())
	elsewhere(func() { wants(t, "Wait with another's mutex", c.Wait(m), pthread.EPERM) })
	wants(t, "TimedWait, past", c.TimedWait(m, pthread.Timespec{}), pthread.ETIMEDOUT)
	wants(t, "a time with too many nanoseconds", c.TimedWait(m, pthread.Timespec{Sec: 1, Nsec: 1e9}), pthread.EINVAL)
	elsewhere(func() { wants(t, "TryLock after a wait", m.TryLock(), pthread.EBUSY) })
	must(t, m.Unlock())
	r := newMtx(t, pthread.MtxPlain|pthread.MtxRecursive)
	must(t, r.Lock())
	must(t, r.Lock())
	wants(t, "Wait with a mutex locked twice", c.Wait(r), pthread.EINVAL)
	must(t, r.Unlock())
	must(t, r.Unlock())
	wants(t, "Destroy", c.Destroy(), nil)
	wants(t, "Destroy again", c.Destroy(), nil)
	wants(t, "Wait after Destroy", c.Wait(m), pthread.ErrDestroyed)
	wants(t, "Signal after Destroy", c.Signal(), pthread.ErrDestroyed)
	if c.Pointer() != nil {
		t.Error("Pointer() after Destroy is not nil")
	}
}

// TestC11At makes the objects in memory of the caller.
func TestC11At(t *testing.T) {
	need(t, "mtx_init")
	memory := new([2][8]uint64) // Go's, which suffices for objects that no thread waits for
	p, q := unsafe.Pointer(&memory[0]), unsafe.Pointer(&memory[1])
	m, c := made(pthread.InitMtxAt(p, pthread.MtxPlain))(t), made(pthread.InitCndAt(q))(t)
	if size := pthread.SizeOf(); m.Pointer() != p || c.Pointer() != q || size.Mtx > 64 || size.Cnd > 64 {
		t.Errorf("objects at %p and %p of %d and %d bytes, want %p and %p", m.Pointer(), c.Pointer(), size.Mtx, size.Cnd, p, q)
	}
	must(t, m.Lock())
	elsewhere(func() { wants(t, "another handle, TryLock", pthread.MtxAt(p).TryLock(), pthread.EBUSY) })
	wants(t, "another handle, Signal", pthread.CndAt(q).Signal(), nil)
	must(t, m.Unlock())
	must(t, m.Destroy())
	must(t, c.Destroy())
}

// A mtx is a pthread.Mtx with the methods of sync.Mutex.
type mtx struct{ *pthread.Mtx }

func (m mtx) Lock()         { ok(m.Mtx.Lock()) }
func (m mtx) TryLock() bool { return got(m.Mtx.TryLock()) }

func (m mtx) Unlock() {
	if err := m.Mtx.Unlock(); err == pthread.EPERM {
		panic("unlock of unlocked mutex")
	} else {
		ok(err)
	}
}

// A cnd is a pthread.Cnd with the methods of sync.Cond.
type cnd struct {
	*pthread.Cnd
	m *pthread.Mtx
}

func (c cnd) Wait()      { ok(c.Cnd.Wait(c.m)) }
func (c cnd) Signal()    { ok(c.Cnd.Signal()) }
func (c cnd) Broadcast() { ok(c.Cnd.Broadcast()) }

func TestConformanceC11(t *testing.T) {
	need(t, "mtx_init")
	t.Run("Mtx", func(t *testing.T) {
		locktest.Mutex(t, func() sync.Locker { return mtx{newMtx(t, pthread.MtxPlain)} }, options(locktest.Recoverable())...)
	})
	t.Run("Cnd", func(t *testing.T) {
		locktest.Cond(t, func() (sync.Locker, locktest.Waiter) {
			m := newMtx(t, pthread.MtxPlain)
			return mtx{m}, cnd{made(pthread.NewCnd())(t), m}
		}, options()...)
	})
}
