// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread_test

import (
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/pthread"
)

// init keeps the tests off the main thread, which does not end with a goroutine.
func init() { runtime.LockOSThread() }

// need skips the test if the system has no library, or the library lacks one of the functions.
func need(t testing.TB, functions ...string) {
	t.Helper()
	if err := pthread.Load(); err != nil {
		t.Skip(err)
	}
	for _, f := range functions {
		if err := pthread.Supported(f); err != nil {
			t.Skip(err)
		}
	}
}

// has reports whether the library has the function.
func has(function string) bool { return pthread.Supported(function) == nil }

// must fails the test if err is not nil.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// made returns v, and fails the test if err is not nil.
func made[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		must(t, err)
		return v
	}
}

// wants fails the test if err is not the expected one.
func wants(t testing.TB, what string, err, want error) {
	t.Helper()
	if err != want && !errors.Is(err, want) || (err == nil) != (want == nil) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

// elsewhere runs f in another goroutine, on another thread, and waits for its end.
func elsewhere(f func()) { locktest.LockedThreads.Go(f)() }

// collected runs the garbage collector until cond holds.
func collected(t testing.TB, what string, cond func() bool) {
	t.Helper()
	locktest.Eventually(t, what, func() bool {
		runtime.GC()
		return cond()
	})
}

// A mutexKind is a way to make a mutex.
type mutexKind struct {
	name string
	set  func(a *pthread.MutexAttr) error
}

func ofType(typ pthread.MutexType) func(*pthread.MutexAttr) error {
	return func(a *pthread.MutexAttr) error { return a.SetType(typ) }
}

func robust(a *pthread.MutexAttr) error { return a.SetRobust(true) }

func inherit(a *pthread.MutexAttr) error { return a.SetProtocol(pthread.ProtocolInherit) }

var mutexKinds = []mutexKind{
	{"default", func(*pthread.MutexAttr) error { return nil }},
	{"normal", ofType(pthread.TypeNormal)},
	{"errorcheck", ofType(pthread.TypeErrorCheck)},
	{"recursive", ofType(pthread.TypeRecursive)},
	{"adaptive", ofType(pthread.TypeAdaptiveNP)},
	{"inherit", inherit},
	{"robust", robust},
	{"shared", func(a *pthread.MutexAttr) error { return a.SetPShared(true) }},
	{"robust+inherit+recursive", func(a *pthread.MutexAttr) error {
		return errors.Join(robust(a), inherit(a), a.SetType(pthread.TypeRecursive))
	}},
	{"robust+errorcheck", func(a *pthread.MutexAttr) error {
		return errors.Join(robust(a), a.SetType(pthread.TypeErrorCheck))
	}},
}

// mutex returns a new mutex of the kind. It skips the test if the library lacks it.
func (k mutexKind) mutex(t testing.TB) *pthread.Mutex {
	t.Helper()
	need(t)
	a := made(pthread.NewMutexAttr())(t)
	if err := k.set(a); errors.Is(err, errors.ErrUnsupported) {
		t.Skip(err)
	} else {
		must(t, err)
	}
	m := made(pthread.NewMutex(a))(t)
	must(t, a.Destroy())
	return m
}

// newMutex returns a new mutex with attributes that set has set.
func newMutex(t testing.TB, set func(*pthread.MutexAttr) error) *pthread.Mutex {
	t.Helper()
	return mutexKind{set: set}.mutex(t)
}

// each runs f for each kind of mutex.
func each(t *testing.T, f func(t *testing.T, k mutexKind)) {
	for _, k := range mutexKinds {
		t.Run(k.name, func(t *testing.T) { f(t, k) })
	}
}

// A deadline is one of those that the tests of timed calls try.
type deadline struct {
	name    string
	when    func(t testing.TB, c pthread.Clock) pthread.Timespec
	expires bool
}

var deadlines = []deadline{
	{"zero", func(testing.TB, pthread.Clock) pthread.Timespec { return pthread.Timespec{} }, true},
	{"past", after(-time.Second), true},
	{"now", after(0), true},
	{"soon", after(10 * time.Millisecond), true},
	{"far", after(time.Hour), false},
	{"furthest", func(testing.TB, pthread.Clock) pthread.Timespec {
		return pthread.Timespec{Sec: 1<<63 - 1, Nsec: 999_999_999}
	}, false},
}

func after(d time.Duration) func(testing.TB, pthread.Clock) pthread.Timespec {
	return func(t testing.TB, c pthread.Clock) pthread.Timespec { return made(c.After(d))(t) }
}

// timed tries a call with each deadline that passes, which must end in ETIMEDOUT, and with those
// that do not, while release lets the call succeed.
func timed(t *testing.T, clock pthread.Clock, call func(pthread.Timespec) error, expired func(), release, undo func()) {
	t.Helper()
	for _, d := range deadlines {
		when := d.when(t, clock)
		if d.expires {
			wants(t, d.name, call(when), pthread.ETIMEDOUT)
			expired()
			if now := made(clock.Now())(t); less(now, when) {
				t.Errorf("%s: gave up at %v, before %v", d.name, now, when)
			}
			continue
		}
		var came atomic.Bool
		done := make(chan error)
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			came.Store(true)
			err := call(when)
			if err == nil {
				undo()
			}
			done <- err
		}()
		locktest.Eventually(t, "the waiter", came.Load)
		release()
		wants(t, d.name, <-done, nil)
	}
}

func less(a, b pthread.Timespec) bool { return a.Sec < b.Sec || a.Sec == b.Sec && a.Nsec < b.Nsec }
