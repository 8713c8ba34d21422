// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/pthread"
)

// word is memory that is unknown to any library, for calls that must not reach one.
var word [8]uint64

// firstCalls are what a program may call first.
func firstCalls() map[string]error {
	calls := map[string]error{}
	add := func(name string, err error) { calls[name] = err }
	_, err := pthread.NewMutex(nil)
	add("NewMutex", err)
	_, err = pthread.NewCond(nil)
	add("NewCond", err)
	_, err = pthread.NewRWLock(nil)
	add("NewRWLock", err)
	_, err = pthread.NewSpin()
	add("NewSpin", err)
	_, err = pthread.NewBarrier(nil, 1)
	add("NewBarrier", err)
	_, err = pthread.NewOnce()
	add("NewOnce", err)
	_, err = pthread.NewSem(0)
	add("NewSem", err)
	_, err = pthread.OpenSem("/osync", 0, 0, 0)
	add("OpenSem", err)
	add("UnlinkSem", pthread.UnlinkSem("/osync"))
	_, err = pthread.NewMtx(pthread.MtxPlain)
	add("NewMtx", err)
	_, err = pthread.NewCnd()
	add("NewCnd", err)
	_, err = pthread.ThreadOf(1).CPUClock()
	add("Thread.CPUClock", err)
	_, err = pthread.CPUClock{}.Now()
	add("CPUClock.Now", err)
	_, err = pthread.NewKey(0)
	add("NewKey", err)
	_, err = pthread.NewMutexAttr()
	add("NewMutexAttr", err)
	_, err = pthread.NewCondAttr()
	add("NewCondAttr", err)
	_, err = pthread.NewRWLockAttr()
	add("NewRWLockAttr", err)
	_, err = pthread.NewBarrierAttr()
	add("NewBarrierAttr", err)
	_, err = pthread.Self()
	add("Self", err)
	_, err = pthread.KernelID()
	add("KernelID", err)
	add("Thread.SetName", pthread.ThreadOf(1).SetName("x"))
	_, err = pthread.ClockMonotonic.Now()
	add("Clock.Now", err)
	_, _, err = pthread.SchedFIFO.PriorityRange()
	add("PriorityRange", err)
	p := unsafe.Pointer(&word)
	_, err = pthread.InitMutexAt(p, nil)
	add("InitMutexAt", err)
	add("MutexAt", pthread.MutexAt(p).Lock())
	add("CondAt", pthread.CondAt(p).Signal())
	add("RWLockAt", pthread.RWLockAt(p).RdLock())
	add("SpinAt", pthread.SpinAt(p).Lock())
	_, err = pthread.BarrierAt(p).Wait()
	add("BarrierAt", err)
	add("OnceAt", pthread.OnceAt(p).Do(func() {}))
	add("SemAt", pthread.SemAt(p).Post())
	_, err = pthread.InitSemAt(p, false, 0)
	add("InitSemAt", err)
	add("MtxAt", pthread.MtxAt(p).Lock())
	_, err = pthread.InitMtxAt(p, pthread.MtxPlain)
	add("InitMtxAt", err)
	add("CndAt", pthread.CndAt(p).Signal())
	_, err = pthread.InitCndAt(p)
	add("InitCndAt", err)
	add("MutexAt, Unlock", pthread.MutexAt(p).Unlock())
	add("MutexAt, Destroy", pthread.MutexAt(p).Destroy())
	return calls
}

// TestNoLibrary removes the library: each first call must report that.
func TestNoLibrary(t *testing.T) {
	gone := errors.New("no library")
	if err := pthread.Load(); err != nil {
		gone = err // there is no library
		wants(t, "Load", err, errors.ErrUnsupported)
		if v := pthread.Version(); v != "" {
			t.Errorf("Version() = %q without a library", v)
		}
	} else {
		defer pthread.ReplaceLoad(gone)()
	}
	for name, err := range firstCalls() {
		wants(t, name, err, gone)
	}
	wants(t, "Supported", pthread.Supported("pthread_mutex_lock"), gone)
}

// odd holds the errors for libraries that are not as they should be. They are tried before
// there is any object, whose cleanup would call them.
var odd = func() map[string]error {
	without := func(missing string) error {
		return pthread.Resolve(func(name string) uintptr {
			if name == missing {
				return 0
			}
			return pthread.Dlsym(name)
		})
	}
	errs := map[string]error{"none": pthread.Resolve(func(string) uintptr { return 0 })}
	for _, name := range []string{"calloc", "pthread_mutex_init", "pthread_mutex_unlock", "pthread_self"} {
		errs[name] = without(name)
	}
	errs["odd"] = pthread.Resolve(func(name string) uintptr {
		if name == "pthread_mutex_trylock" {
			return pthread.Dlsym("pthread_mutex_unlock")
		}
		return pthread.Dlsym(name)
	})
	return errs
}()

func TestOddLibrary(t *testing.T) {
	wants(t, "a library without anything", odd["none"], errors.ErrUnsupported)
	need(t)
	for name, err := range odd {
		wants(t, name, err, errors.ErrUnsupported)
		if name != "none" && (err == nil || !strings.Contains(err.Error(), name)) {
			t.Errorf("the error is %v, want it to say %q", err, name)
		}
	}
}

func TestSupported(t *testing.T) {
	need(t)
	err := pthread.Supported("pthread_frobnicate")
	wants(t, "an unknown function", err, errors.ErrUnsupported)
	if err == nil || !strings.Contains(err.Error(), "pthread_frobnicate") {
		t.Errorf("the error is %v, want it to name the function", err)
	}
	names := pthread.Functions()
	for _, f := range []string{"pthread_mutex_lock", "pthread_cond_wait", "pthread_rwlock_rdlock"} {
		wants(t, f, pthread.Supported(f), nil)
		if !slices.Contains(names, f) {
			t.Errorf("Functions() lacks %s", f)
		}
	}
	if pthread.Version() == "" {
		t.Error("the library has no name")
	}
	t.Logf("%s: lacks %v", pthread.Version(), slices.DeleteFunc(names, has))
}

// TestUnsupported calls the functions that the library lacks: the error names the function.
func TestUnsupported(t *testing.T) {
	need(t)
	m := made(pthread.NewMutex(nil))(t)
	c := made(pthread.NewCond(nil))(t)
	l := made(pthread.NewRWLock(nil))(t)
	s := pthread.SemAt(unsafe.Pointer(&word))
	if name := fmt.Sprintf("/osync.%d", os.Getpid()); has("sem_open") && !has("sem_init") {
		s = made(pthread.OpenSem(name, os.O_CREATE, 0o600, 0))(t)
		must(t, pthread.UnlinkSem(name))
	}
	var ts pthread.Timespec
	for name, call := range map[string]func() error{
		"pthread_mutex_timedlock":            func() error { return m.TimedLock(ts) },
		"pthread_mutex_clocklock":            func() error { return m.ClockLock(pthread.ClockMonotonic, ts) },
		"pthread_mutex_consistent":           m.Consistent,
		"pthread_cond_clockwait":             func() error { return c.ClockWait(m, pthread.ClockMonotonic, ts) },
		"pthread_cond_timedwait_relative_np": func() error { return c.TimedWaitRelativeNP(m, 0) },
		"pthread_rwlock_timedrdlock":         func() error { return l.TimedRdLock(ts) },
		"pthread_rwlock_timedwrlock":         func() error { return l.TimedWrLock(ts) },
		"pthread_rwlock_clockrdlock":         func() error { return l.ClockRdLock(pthread.ClockMonotonic, ts) },
		"pthread_rwlock_clockwrlock":         func() error { return l.ClockWrLock(pthread.ClockMonotonic, ts) },
		"pthread_spin_init":                  func() error { _, err := pthread.NewSpin(); return err },
		"pthread_barrier_init":               func() error { _, err := pthread.NewBarrier(nil, 1); return err },
		"pthread_mutexattr_setrobust":        func() error { return made(pthread.NewMutexAttr())(t).SetRobust(true) },
		"pthread_mutexattr_setpolicy_np":     func() error { return made(pthread.NewMutexAttr())(t).SetFairNP(true) },
		"pthread_condattr_setclock":          func() error { return made(pthread.NewCondAttr())(t).SetClock(pthread.ClockMonotonic) },
		"pthread_rwlockattr_setkind_np":      func() error { return made(pthread.NewRWLockAttr())(t).SetKindNP(pthread.PreferReader) },
		"pthread_setaffinity_np":             func() error { return made(pthread.Self())(t).SetAffinity(0) },
		"pthread_getcpuclockid":              func() error { _, err := made(pthread.Self())(t).CPUClock(); return err },
		"sem_init":                           func() error { _, err := pthread.NewSem(0); return err },
		"sem_open":                           func() error { _, err := pthread.OpenSem("/osync", 0, 0, 0); return err },
		"sem_unlink":                         func() error { return pthread.UnlinkSem("/osync") },
		"sem_getvalue":                       func() error { _, err := s.Value(); return err },
		"sem_timedwait":                      func() error { return s.TimedWait(ts) },
		"sem_clockwait":                      func() error { return s.ClockWait(pthread.ClockMonotonic, ts) },
		"mtx_init":                           func() error { _, err := pthread.NewMtx(pthread.MtxPlain); return err },
		"cnd_init":                           func() error { _, err := pthread.NewCnd(); return err },
	} {
		if has(name) || name == "sem_clockwait" && has("sem_clockwait_np") {
			continue
		}
		err := call()
		wants(t, name, err, errors.ErrUnsupported)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("the error is %v, want it to name %s", err, name)
		}
	}
}

// TestFailed makes a function fail: the error names it.
func TestFailed(t *testing.T) {
	err := pthread.Failed(true)
	wants(t, "ENOSYS", err, errors.ErrUnsupported)
	if !strings.Contains(err.Error(), "sem_open") {
		t.Errorf("the error is %v, want it to name sem_open", err)
	}
	wants(t, "EINVAL", pthread.Failed(false), pthread.EINVAL)
}

func TestNotMade(t *testing.T) {
	need(t)
	wants(t, "Mutex", new(pthread.Mutex).Lock(), pthread.ErrNotMade)
	wants(t, "Mutex.Unlock", new(pthread.Mutex).Unlock(), pthread.ErrNotMade)
	wants(t, "Mutex.Destroy", new(pthread.Mutex).Destroy(), pthread.ErrNotMade)
	wants(t, "Cond", new(pthread.Cond).Signal(), pthread.ErrNotMade)
	wants(t, "Cond.Wait", new(pthread.Cond).Wait(new(pthread.Mutex)), pthread.ErrNotMade)
	wants(t, "RWLock", new(pthread.RWLock).RdLock(), pthread.ErrNotMade)
	wants(t, "RWLock.Unlock", new(pthread.RWLock).Unlock(), pthread.ErrNotMade)
	wants(t, "Spin", new(pthread.Spin).Lock(), pthread.ErrNotMade)
	_, err := new(pthread.Barrier).Wait()
	wants(t, "Barrier", err, pthread.ErrNotMade)
	wants(t, "Sem.Wait", new(pthread.Sem).Wait(), pthread.ErrNotMade)
	wants(t, "Sem.Post", new(pthread.Sem).Post(), pthread.ErrNotMade)
	wants(t, "Sem.Destroy", new(pthread.Sem).Destroy(), pthread.ErrNotMade)
	wants(t, "Sem.Close", new(pthread.Sem).Close(), pthread.ErrNotMade)
	wants(t, "Mtx", new(pthread.Mtx).Lock(), pthread.ErrNotMade)
	wants(t, "Cnd", new(pthread.Cnd).Signal(), pthread.ErrNotMade)
	wants(t, "Cnd.Wait", new(pthread.Cnd).Wait(new(pthread.Mtx)), pthread.ErrNotMade)
	wants(t, "Once", new(pthread.Once).Do(func() {}), pthread.ErrNotMade)
	wants(t, "Thread", pthread.Thread{}.SetName("x"), pthread.ErrNotMade)
	_, err = pthread.NewMutex(new(pthread.MutexAttr))
	wants(t, "MutexAttr", err, pthread.ErrNotMade)
	wants(t, "MutexAttr.SetType", new(pthread.MutexAttr).SetType(pthread.TypeNormal), pthread.ErrNotMade)
	wants(t, "both errors", pthread.ErrNotMade, pthread.EINVAL)
	wants(t, "both errors", pthread.ErrDestroyed, pthread.EINVAL)
}

// TestTimes converts times to C's, where it has 32 bits, and back.
func TestTimes(t *testing.T) {
	const last = math.MaxInt64
	for _, c := range []struct {
		t    pthread.Timespec
		d    time.Duration
		want pthread.Timespec
	}{
		{pthread.Timespec{}, 0, pthread.Timespec{}},
		{pthread.Timespec{Sec: 1, Nsec: 999_999_999}, 1, pthread.Timespec{Sec: 2}},
		{pthread.Timespec{Sec: 2}, -1, pthread.Timespec{Sec: 1, Nsec: 999_999_999}},
		{pthread.Timespec{Sec: 2}, -3 * time.Second, pthread.Timespec{Sec: -1}},
		{pthread.Timespec{Sec: 1, Nsec: 500}, 1500 * time.Millisecond, pthread.Timespec{Sec: 2, Nsec: 500_000_500}},
		{pthread.Timespec{Sec: last}, math.MaxInt64, pthread.Timespec{Sec: last, Nsec: 999_999_999}},
		{pthread.Timespec{}, math.MaxInt64, pthread.Timespec{Sec: math.MaxInt64 / 1_000_000_000, Nsec: math.MaxInt64 % 1_000_000_000}},
		{pthread.Timespec{}, math.MinInt64, pthread.Timespec{Sec: math.MinInt64/1_000_000_000 - 1, Nsec: 1_000_000_000 + math.MinInt64%1_000_000_000}},
	} {
		if got := c.t.Add(c.d); got != c.want {
			t.Errorf("%v.Add(%d) = %v, want %v", c.t, c.d, got, c.want)
		}
	}
	for _, c := range []struct{ t, narrow pthread.Timespec }{
		{pthread.Timespec{Sec: 5, Nsec: 6}, pthread.Timespec{Sec: 5, Nsec: 6}},
		{pthread.Timespec{Sec: -5, Nsec: -6}, pthread.Timespec{Sec: -5, Nsec: -6}},
		{pthread.Timespec{Sec: last, Nsec: last}, pthread.Timespec{Sec: math.MaxInt32, Nsec: math.MaxInt32}},
		{pthread.Timespec{Sec: math.MinInt64}, pthread.Timespec{Sec: math.MinInt32}},
	} {
		if got := pthread.Narrow(c.t, true); got != c.narrow {
			t.Errorf("%v in 32 bits is %v, want %v", c.t, got, c.narrow)
		}
		if got := pthread.Narrow(c.t, false); got != c.t {
			t.Errorf("%v in 64 bits is %v", c.t, got)
		}
	}
	if got, want := pthread.Unix(time.Unix(-1, 5)), (pthread.Timespec{Sec: -1, Nsec: 5}); got != want {
		t.Errorf("Unix: %v, want %v", got, want)
	}
}

func TestClocks(t *testing.T) {
	need(t, "clock_gettime")
	before := time.Now()
	now := made(pthread.ClockRealtime.Now())(t)
	if less(now, pthread.Unix(before)) || less(pthread.Unix(time.Now()), now) {
		t.Errorf("ClockRealtime shows %v, the wall clock %v and later", now, before)
	}
	first := made(pthread.ClockMonotonic.Now())(t)
	if second := made(pthread.ClockMonotonic.Now())(t); less(second, first) {
		t.Errorf("ClockMonotonic went from %v to %v", first, second)
	}
	_, err := pthread.Clock(7).Now()
	wants(t, "an unknown clock", err, pthread.EINVAL)
}

// TestThreadMark checks that threads are distinguished: each living thread has a mark of its own, and
// keeps it.
func TestThreadMark(t *testing.T) {
	need(t)
	const threads = 8
	marks := make(chan uintptr)
	ends := make(chan struct{})
	for range threads {
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			mark := pthread.ThreadMark()
			marks <- mark
			<-ends
			if again := pthread.ThreadMark(); again != mark {
				t.Errorf("a thread's mark went from %#x to %#x", mark, again)
			}
			marks <- mark
		}()
	}
	seen := map[uintptr]bool{0: true}
	for range threads {
		mark := <-marks
		if seen[mark] {
			t.Errorf("two threads have the mark %#x", mark)
		}
		seen[mark] = true
	}
	close(ends)
	for range threads {
		<-marks
	}
}
