// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || freebsd || netbsd

package pthread_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/pthread"
)

// The flags of OpenSem.
const create, createNew = os.O_CREATE, os.O_CREATE | os.O_EXCL

var semNames atomic.Int32

// semName returns a name that no other test uses. It fits into the 30 bytes of macOS.
func semName() string { return fmt.Sprintf("/osync.%d.%d", os.Getpid(), semNames.Add(1)) }

// openSem makes a semaphore with a name, which is removed after the test.
func openSem(t testing.TB, value uint32) (*pthread.Sem, string) {
	t.Helper()
	need(t, "sem_open")
	name := semName()
	s, err := pthread.OpenSem(name, createNew, 0o600, value)
	needNames(t, err)
	t.Cleanup(func() { must(t, pthread.UnlinkSem(name)) })
	return s, name
}

// needNames skips the test on a system without named semaphores, such as a Linux without /dev/shm, whose error for a new one is err.
func needNames(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no named semaphores: %v", err)
	}
	must(t, err)
}

// semKinds make a semaphore with the given value.
var semKinds = map[string]func(t testing.TB, value uint32) *pthread.Sem{
	"unnamed": func(t testing.TB, value uint32) *pthread.Sem {
		need(t, "sem_init")
		return made(pthread.NewSem(value))(t)
	},
	"shared": func(t testing.TB, value uint32) *pthread.Sem {
		need(t, "sem_init")
		p, _ := newPage(t)
		return made(pthread.InitSemAt(unsafe.Pointer(&p.sems[0]), true, value))(t)
	},
	"named": func(t testing.TB, value uint32) *pthread.Sem {
		s, _ := openSem(t, value)
		return s
	},
}

func eachSem(t *testing.T, f func(t *testing.T, newSem func(value uint32) *pthread.Sem)) {
	need(t)
	for name, kind := range semKinds {
		t.Run(name, func(t *testing.T) {
			must(t, ends(kind(t, 0))) // a skip happens here, and not in a subtest
			f(t, func(value uint32) *pthread.Sem { return kind(t, value) })
		})
	}
}

// ends closes or destroys a semaphore of any kind.
func ends(s *pthread.Sem) error {
	if err := s.Close(); err != pthread.EINVAL {
		return err
	}
	return s.Destroy()
}

func TestSemUse(t *testing.T) {
	eachSem(t, func(t *testing.T, newSem func(uint32) *pthread.Sem) {
		s := newSem(2)
		value := func(want int) {
			t.Helper()
			if !has("sem_getvalue") {
				return
			}
			if got := made(s.Value())(t); got != want {
				t.Errorf("Value() = %d, want %d", got, want)
			}
		}
		value(2)
		wants(t, "Wait", s.Wait(), nil)
		wants(t, "TryWait", s.TryWait(), nil)
		value(0)
		wants(t, "TryWait of 0", s.TryWait(), pthread.EAGAIN)
		elsewhere(func() { wants(t, "Post on another thread", s.Post(), nil) }) // no thread owns it
		value(1)
		if has("sem_timedwait") {
			wants(t, "TimedWait, past", s.TimedWait(pthread.Timespec{}), nil) // succeeds, since it is not 0
			wants(t, "Post", s.Post(), nil)
		}
		if has("sem_clockwait") || has("sem_clockwait_np") {
			wants(t, "ClockWait, past", s.ClockWait(pthread.ClockMonotonic, pthread.Timespec{}), nil)
			wants(t, "ClockWait by no clock", s.ClockWait(7, pthread.Timespec{}), pthread.EINVAL)
			wants(t, "Post", s.Post(), nil)
		}
		if p := s.Pointer(); (p == nil) != (runtime.GOOS == "darwin") {
			t.Errorf("Pointer() = %p", p)
		} else if p != nil && s.ID() != uintptr(p) {
			t.Errorf("ID() = %#x, Pointer() = %p", s.ID(), p)
		}
		if pinned() {
			t.Error("the goroutine is locked to its thread")
		}
		for range 3 {
			wants(t, "the end", ends(s), nil)
		}
		wants(t, "Wait", s.Wait(), pthread.ErrDestroyed)
		wants(t, "TryWait", s.TryWait(), pthread.ErrDestroyed)
		wants(t, "TimedWait", s.TimedWait(pthread.Timespec{}), pthread.ErrDestroyed)
		wants(t, "ClockWait", s.ClockWait(pthread.ClockMonotonic, pthread.Timespec{}), pthread.ErrDestroyed)
		wants(t, "Post", s.Post(), pthread.ErrDestroyed)
		_, err := s.Value()
		wants(t, "Value", err, pthread.ErrDestroyed)
		if p, id := s.Pointer(), int(s.ID()); p != nil || id != 0 && id != -1 {
			t.Errorf("at the end Pointer() = %p, ID() = %d", p, id)
		}
	})
}

// TestSemValues makes semaphores with the most that they can count, and more.
func TestSemValues(t *testing.T) {
	need(t, "sem_init")
	if pthread.Version() == "libpthread" {
		t.Skip("NetBSD counts to 4,294,967,295")
	}
	s := made(pthread.NewSem(math.MaxInt32))(t)
	if err := s.Post(); err == nil || !strings.Contains(err.Error(), "too large") { // EOVERFLOW, which Plan 9 lacks
		t.Errorf("Post: %v, want EOVERFLOW", err)
	}
	_, err := pthread.NewSem(math.MaxInt32 + 1)
	wants(t, "NewSem of more", err, pthread.EINVAL)
	_, err = pthread.InitSemAt(unsafe.Pointer(new([8]uint64)), false, math.MaxUint32)
	wants(t, "InitSemAt of more", err, pthread.EINVAL)
	wants(t, "Close of one without a name", s.Close(), pthread.EINVAL)
}

func TestSemTimed(t *testing.T) {
	eachSem(t, func(t *testing.T, newSem func(uint32) *pthread.Sem) {
		for name, wait := range map[string]func(s *pthread.Sem, when pthread.Timespec) error{
			"sem_timedwait": (*pthread.Sem).TimedWait,
			"sem_clockwait": func(s *pthread.Sem, when pthread.Timespec) error {
				return s.ClockWait(pthread.ClockMonotonic, when)
			},
		} {
			t.Run(name, func(t *testing.T) {
				need(t, name)
				clock := pthread.ClockRealtime
				if name == "sem_clockwait" {
					clock = pthread.ClockMonotonic
				}
				s := newSem(0)
				wants(t, "a time with too many nanoseconds", wait(s, pthread.Timespec{Sec: 1, Nsec: 1e9}), pthread.EINVAL)
				must(t, s.Post())
				if strings.HasPrefix(pthread.Version(), "glibc") {
					wants(t, "such a time, and a unit", wait(s, pthread.Timespec{Sec: 1, Nsec: 1e9}), pthread.EINVAL)
					must(t, s.Wait()) // the unit is still there
				} else {
					must(t, wait(s, pthread.Timespec{Sec: 1, Nsec: 1e9}))
				}
				timed(t, clock, func(when pthread.Timespec) error { return wait(s, when) },
					func() {}, func() { must(t, s.Post()) }, func() {})
			})
		}
	})
}

// TestSemWaiters has goroutines wait, and posts as many times. Their changes before a Post are visible after the Wait: the
// race detector checks that.
func TestSemWaiters(t *testing.T) {
	eachSem(t, func(t *testing.T, newSem func(uint32) *pthread.Sem) {
		const waiters, rounds = 4, 50
		work, done := newSem(0), newSem(0)
		count := 0 // under lock
		lock := newSem(1)
		var g sync.WaitGroup
		for range waiters {
			g.Go(func() {
				for range rounds {
					ok(work.Wait())
					ok(lock.Wait())
					count++
					ok(lock.Post())
					ok(done.Post())
				}
			})
		}
		for range waiters * rounds {
			ok(work.Post())
		}
		for range waiters * rounds {
			ok(done.Wait())
		}
		if count != waiters*rounds {
			t.Errorf("counted %d, want %d", count, waiters*rounds)
		}
		g.Wait()
	})
}

// TestSemDestroyWaited destroys a semaphore while a thread waits for it, and one whose waiter was released.
func TestSemDestroyWaited(t *testing.T) {
	need(t, "sem_init")
	s := made(pthread.NewSem(0))(t)
	done := make(chan error)
	go func() {
		ok(s.Wait())
		done <- s.Destroy() // Post may not have returned
	}()
	locktest.Eventually(t, "a waiter", func() bool { return pthread.SemCalls(s) == 1 })
	wants(t, "Destroy while a thread waits", s.Destroy(), pthread.EBUSY)
	wants(t, "TryWait after that", s.TryWait(), pthread.EAGAIN)
	wants(t, "Post", s.Post(), nil)
	wants(t, "Destroy by the waiter", <-done, nil)
	wants(t, "Post after Destroy", s.Post(), pthread.ErrDestroyed)
}

// TestSemCloseWaited closes a semaphore while a thread waits for it: that thread still gets a unit, and is the last.
func TestSemCloseWaited(t *testing.T) {
	s, name := openSem(t, 0)
	other := made(pthread.OpenSem(name, 0, 0, 0))(t)
	done := make(chan error)
	go func() { done <- s.Wait() }()
	locktest.Eventually(t, "a waiter", func() bool { return pthread.SemCalls(s) == 1 })
	wants(t, "Close", s.Close(), nil)
	if pthread.SemClosed(s) {
		t.Error("sem_close was called while a thread waits")
	}
	wants(t, "TryWait after Close", s.TryWait(), pthread.ErrDestroyed)
	if pthread.SemClosed(s) {
		t.Error("sem_close was called by another than the last")
	}
	wants(t, "Post by another handle", other.Post(), nil)
	wants(t, "Wait", <-done, nil)
	if !pthread.SemClosed(s) {
		t.Error("sem_close was not called by the last")
	}
	wants(t, "Close of the other", other.Close(), nil)
}

// TestSemCloseOrder ends a call while another begins, and calls Close between the two halves of the end. The call is not the
// last one, though it was when it was counted.
func TestSemCloseOrder(t *testing.T) {
	s, _ := openSem(t, 0)
	must(t, pthread.SemEnter(s))
	if n := pthread.SemDrop(s); n != 0 {
		t.Fatalf("%d calls, want 0", n)
	}
	must(t, pthread.SemEnter(s)) // another call
	must(t, s.Close())
	must(t, pthread.SemAfterDrop(s))
	if pthread.SemClosed(s) {
		t.Error("sem_close was called while a call goes on")
	}
	wants(t, "a call after Close", pthread.SemEnter(s), pthread.ErrDestroyed)
	if pthread.SemClosed(s) {
		t.Error("sem_close was called by one that came too late")
	}
	if n := pthread.SemDrop(s); n != 0 {
		t.Fatalf("%d calls, want 0", n)
	}
	must(t, pthread.SemAfterDrop(s))
	if !pthread.SemClosed(s) {
		t.Error("sem_close was not called by the last")
	}
}

// TestSemCloseRace closes a semaphore while other threads use it: they get an error, and nothing crashes.
func TestSemCloseRace(t *testing.T) {
	need(t, "sem_open")
	for range 20 {
		s, _ := openSem(t, 0)
		var g sync.WaitGroup
		for range 3 {
			g.Go(func() {
				for s.Post() != pthread.ErrDestroyed {
					_ = s.TryWait()
				}
			})
			g.Go(func() {
				runtime.Gosched()
				wants(t, "Close", s.Close(), nil)
			})
		}
		g.Wait()
		if !pthread.SemClosed(s) || pthread.SemCalls(s) != 0 {
			t.Error("sem_close was not called")
		}
	}
}

func TestSemNames(t *testing.T) {
	s, name := openSem(t, 1)
	_, err := pthread.OpenSem(name, createNew, 0o600, 5)
	wants(t, "another with O_EXCL", err, fs.ErrExist)
	same := made(pthread.OpenSem(name, create, 0o600, 5))(t) // 5 is ignored
	wants(t, "TryWait of the second", same.TryWait(), nil)
	wants(t, "TryWait of the first", s.TryWait(), pthread.EAGAIN)
	wants(t, "Destroy", s.Destroy(), pthread.EINVAL)
	wants(t, "Close of the first", s.Close(), nil)
	wants(t, "Post of the second", same.Post(), nil)
	wants(t, "Close of the second", same.Close(), nil)
	again := made(pthread.OpenSem(name, 0, 0, 0))(t)
	wants(t, "TryWait of the third", again.TryWait(), nil)

	_, err = pthread.OpenSem(semName(), 0, 0, 0)
	wants(t, "one that is not", err, fs.ErrNotExist)
	wants(t, "UnlinkSem of one that is not", pthread.UnlinkSem(semName()), fs.ErrNotExist)
	long := "/" + strings.Repeat("x", 300)
	if strings.HasPrefix(pthread.Version(), "glibc") {
		_, err = pthread.OpenSem(long, create, 0o600, 0)
		wants(t, "a name of 300 bytes", err, pthread.EINVAL)
		long = long[:1+252]
		longest := long[:1+251]
		must(t, made(pthread.OpenSem(longest, createNew, 0o600, 0))(t).Close())
		wants(t, "UnlinkSem of the longest name", pthread.UnlinkSem(longest), nil)
	}
	for name, want := range map[string]error{"/a\x00b": pthread.EINVAL, long: tooLongName} {
		_, err = pthread.OpenSem(name, create, 0o600, 0)
		wants(t, "OpenSem "+name, err, want)
		wants(t, "UnlinkSem "+name, pthread.UnlinkSem(name), want)
	}
	if runtime.GOOS == "linux" {
		_, err = pthread.OpenSem("/a/b", create, 0o600, 0)
		wants(t, "a second slash", err, pthread.EINVAL)
	}
	most := uint32(math.MaxInt32)
	if runtime.GOOS == "darwin" {
		most = 1<<15 - 1
	}
	unused := semName()
	_, err = pthread.OpenSem(unused, create, 0o600, most+1)
	wants(t, "a value that is too high", err, pthread.EINVAL)

	// The name is removed, open handles remain valid, and the next semaphore of that name is another one.
	gone := semName()
	old := made(pthread.OpenSem(gone, createNew, 0o600, 0))(t)
	wants(t, "UnlinkSem", pthread.UnlinkSem(gone), nil)
	wants(t, "UnlinkSem again", pthread.UnlinkSem(gone), fs.ErrNotExist)
	wants(t, "Post after UnlinkSem", old.Post(), nil)
	next := made(pthread.OpenSem(gone, createNew, 0o600, 0))(t)
	wants(t, "TryWait of the next", next.TryWait(), pthread.EAGAIN)
	wants(t, "TryWait of the old", old.TryWait(), nil)
	wants(t, "UnlinkSem of the next", pthread.UnlinkSem(gone), nil)
}

// TestSemCollected drops handles. A semaphore without a name is destroyed and freed; one with a name is closed.
func TestSemCollected(t *testing.T) {
	need(t)
	if has("sem_init") {
		var freed sync.Map
		restore := pthread.OnFree(func(addr uintptr) { freed.Store(addr, true) })
		addr := uintptr(made(pthread.NewSem(0))(t).Pointer())
		collected(t, "a semaphore has to be freed", func() bool { _, is := freed.Load(addr); return is })
		restore()
	}
	if has("sem_open") {
		s, _ := openSem(t, 0)
		closed := pthread.WatchSem(s)
		s = nil
		collected(t, "a semaphore has to be closed", closed)
	}
}

// TestSemSignals waits for a semaphore, with a deadline, on a thread that gets signals continuously: they end no wait.
func TestSemSignals(t *testing.T) {
	need(t, "sem_init", "sem_timedwait")
	signal := signalsTo(t)
	s := made(pthread.NewSem(0))(t)
	started, done := make(chan uint64), make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		started <- made(pthread.KernelID())(t)
		done <- s.TimedWait(made(pthread.ClockRealtime.After(time.Hour))(t))
	}()
	thread := <-started
	locktest.Eventually(t, "a waiter", func() bool { return pthread.SemCalls(s) == 1 })
	for range 20 {
		signal(thread)
		select {
		case err := <-done:
			t.Fatalf("TimedWait returned %v, and nobody has posted", err)
		case <-time.After(2 * time.Millisecond): // for the signal to arrive
		}
	}
	must(t, s.Post())
	wants(t, "TimedWait", <-done, nil)
}
