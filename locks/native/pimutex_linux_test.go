// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/seccomp"
	"github.com/osync-go/osync/locks/native"
	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

func TestPIMutexSize(t *testing.T) {
	if size := unsafe.Sizeof(native.PIMutex{}); size != 16 {
		t.Errorf("PIMutex is %d bytes long, want 16", size)
	}
}

// TestPIMutexCircle has two threads that each hold what the other one wants. The last to call Lock
// gets ErrDeadlock.
func TestPIMutexCircle(t *testing.T) {
	needPI(t)
	for name, last := range map[string]func(m *native.PIMutex) error{
		"Lock": (*native.PIMutex).Lock,
		"TryLockFor": func(m *native.PIMutex) error {
			ok, err := m.TryLockFor(time.Hour)
			if ok {
				t.Error("TryLockFor took what another thread holds")
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			var own, others native.PIMutex
			lockPI(t, &own)
			g := locktest.NewCrew(t, locktest.Goroutines)
			held := make(chan struct{})
			g.Start(func() {
				lockPI(t, &others)
				close(held)
				lockPI(t, &own)
				own.Unlock()
				others.Unlock()
			})
			<-held
			locktest.Eventually(t, "a thread waits", own.Waited)
			if err := last(&others); err != native.ErrDeadlock {
				t.Errorf("the call that closes a circle returns %v, want ErrDeadlock", err)
			}
			own.Unlock()
			g.Join()
			if !own.Idle() || !others.Idle() || onThread() {
				t.Error("a lock is not idle at the end")
			}
		})
	}
}

// lockPI locks m, which must return no error.
func lockPI(t *testing.T, m *native.PIMutex) {
	t.Helper()
	if err := m.Lock(); err != nil {
		t.Errorf("Lock() = %v", err)
	}
}

// onDyingThread runs f on a thread that then ends, and waits until it has ended.
func onDyingThread(t *testing.T, f func()) {
	t.Helper()
	ended := make(chan int)
	var try func()
	try = func() {
		runtime.LockOSThread()
		if linux.Gettid() == syscall.Getpid() {
			// Go never ends the main thread. While this goroutine is locked to it, another one
			// runs on another thread.
			apart(try)
			runtime.UnlockOSThread()
			return
		}
		defer func() { ended <- linux.Gettid() }() // the thread ends with its goroutine, which is still locked to it
		f()
	}
	go try()
	tid := <-ended
	locktest.Eventually(t, "the thread has ended", func() bool {
		return syscall.Tgkill(syscall.Getpid(), tid, 0) == syscall.ESRCH
	})
}

// TestPIMutexOwnerDies lets an owner end, in several situations. The next owner gets ErrOwnerDied, and
// no other.
func TestPIMutexOwnerDies(t *testing.T) {
	needPI(t)
	forever := func(m *native.PIMutex) (bool, error) {
		err := m.Lock()
		return err == nil || err == native.ErrOwnerDied, err
	}
	attempts := map[string]func(m *native.PIMutex) (bool, error){
		"Lock":       forever,
		"TryLock":    (*native.PIMutex).TryLock,
		"TryLockFor": func(m *native.PIMutex) (bool, error) { return m.TryLockFor(time.Hour) },
	}
	for name, attempt := range attempts {
		for _, gaveUp := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/gaveUp=%v", name, gaveUp), func(t *testing.T) {
				var m native.PIMutex
				onDyingThread(t, func() {
					lockPI(t, &m)
					if gaveUp { // a waiter that gave up leaves a mark
						apart(func() { m.TryLockFor(time.Microsecond) })
					}
				})
				if m.Waited() != gaveUp {
					t.Errorf("m is marked as waited for: %v, want %v", m.Waited(), gaveUp)
				}
				if p := panicking(m.Unlock); p != foreign {
					t.Errorf("Unlock of a dead thread's mutex: %v, want %q", p, foreign)
				}
				ok, err := attempt(&m)
				wantLock(t, name, ok, err, true, native.ErrOwnerDied)
				afterDeath(t, &m)
			})
		}
	}
	t.Run("waiters", func(t *testing.T) {
		for range locktest.Rounds(50) {
			var m native.PIMutex
			g := locktest.NewCrew(t, locktest.Goroutines)
			errs := make(chan error, 4)
			onDyingThread(t, func() {
				lockPI(t, &m)
				for i := range cap(errs) {
					g.Start(func() {
						take := forever
						if i%2 == 0 {
							take = attempts["TryLockFor"]
						}
						ok, err := take(&m)
						errs <- err
						if !ok {
							t.Error("a waiter did not get the lock")
							return
						}
						m.Unlock()
					})
				}
				locktest.Eventually(t, "a thread waits", m.Waited)
			})
			g.Join()
			died := 0
			for range cap(errs) {
				switch err := <-errs; err {
				case native.ErrOwnerDied:
					died++
				case nil:
				default:
					t.Error(err)
				}
			}
			if died != 1 || !m.Idle() {
				t.Fatalf("%d waiters got ErrOwnerDied, want one; idle: %v", died, m.Idle())
			}
		}
	})
}

// afterDeath checks that m, which the caller has taken over from a dead thread, works.
func afterDeath(t *testing.T, m *native.PIMutex) {
	t.Helper()
	if err := m.Lock(); err != native.ErrDeadlock {
		t.Errorf("Lock by the new owner = %v, want ErrDeadlock", err)
	}
	g := locktest.NewCrew(t, locktest.Goroutines)
	g.Start(func() {
		lockPI(t, m)
		m.Unlock()
	})
	locktest.Eventually(t, "a thread waits", m.Waited)
	m.Unlock()
	g.Join()
	lockPI(t, m)
	m.Unlock()
	if !m.Idle() || onThread() {
		t.Error("a lock is not idle at the end")
	}
}

// TestPIMutexByWall waits as on kernels before 5.14.
func TestPIMutexByWall(t *testing.T) {
	g := locktest.NewCrew(t, locktest.Goroutines)
	needPI(t)
	var m native.PIMutex
	lockPI(t, &m)
	apart(func() {
		const limit = 5 * time.Millisecond
		start := time.Now()
		if err := m.WaitByWall(limit); err != syscall.ETIMEDOUT {
			t.Errorf("WaitByWall = %v, want ETIMEDOUT", err)
		}
		// The two clocks are read one after the other.
		if took := time.Since(start); took < limit-limit/5 {
			t.Errorf("gave up after %v, want %v", took, limit)
		}
	})
	m.Unlock()
	for _, d := range []time.Duration{time.Hour, math.MaxInt64} {
		var m native.PIMutex
		lockPI(t, &m)
		g.Start(func() {
			runtime.LockOSThread() // which Unlock undoes
			if err := m.WaitByWall(d); err != nil {
				t.Errorf("WaitByWall(%v) = %v", d, err)
				runtime.UnlockOSThread()
				return
			}
			m.Unlock()
		})
		locktest.Eventually(t, "a thread waits", m.Waited)
		m.Unlock()
		g.Join()
		if !m.Idle() {
			t.Error("a lock is not idle at the end")
		}
	}
}

// TestPIMutexPriority checks that the owner runs with the priority of a waiter while that waits, also
// through a second lock.
func TestPIMutexPriority(t *testing.T) {
	needPI(t)
	needRealTime(t)
	for _, wait := range []struct {
		name string
		f    func(m *native.PIMutex) error
	}{
		{"Lock", (*native.PIMutex).Lock},
		{"TryLockFor", func(m *native.PIMutex) error { _, err := m.TryLockFor(time.Hour); return err }},
	} {
		for _, own := range []uint32{0, 3} {
			t.Run(fmt.Sprintf("%s/own=%d", wait.name, own), func(t *testing.T) {
				inherits(t, own, wait.f)
			})
		}
	}
}

// inherits holds near, with a real-time priority of own. A thread without one holds far and waits
// for near, and an urgent thread waits for far.
func inherits(t *testing.T, own uint32, wait func(m *native.PIMutex) error) {
	end, err := realTime(own)
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	var near, far native.PIMutex
	tid := linux.Gettid()
	before := priority(t, tid)
	lockPI(t, &near)

	g := locktest.NewCrew(t, locktest.Goroutines)
	held := make(chan struct{})
	g.Start(func() {
		lockPI(t, &far)
		close(held)
		lockPI(t, &near)
		near.Unlock()
		far.Unlock()
	})
	<-held
	locktest.Eventually(t, "a thread waits", near.Waited)
	if got := priority(t, tid); got != before {
		t.Errorf("with a waiter of no priority the priority is %s, want %s", got, before)
	}
	g.Start(func() {
		end, err := realTime(7)
		if err != nil {
			t.Error(err)
			return
		}
		defer end()
		if err := wait(&far); err != nil {
			t.Error(err)
			return
		}
		far.Unlock()
	})
	locktest.Eventually(t, "the owner has the priority of the waiter", func() bool { return priority(t, tid) == "-8" })
	near.Unlock()
	if got := priority(t, tid); got != before {
		t.Errorf("after Unlock the priority is %s, want %s", got, before)
	}
	g.Join()
}

// TestPIMutexOrder lets threads of two priorities wait. The more urgent one is next, though it came
// last.
func TestPIMutexOrder(t *testing.T) {
	needPI(t)
	needRealTime(t)
	var m native.PIMutex
	lockPI(t, &m)
	g := locktest.NewCrew(t, locktest.Goroutines)
	var order []uint32
	for _, level := range []uint32{2, 5} {
		g.Start(func() {
			end, err := realTime(level)
			if err != nil {
				t.Error(err)
				return
			}
			defer end()
			lockPI(t, &m)
			order = append(order, level)
			m.Unlock()
		})
		want := fmt.Sprint(-1 - int(level))
		locktest.Eventually(t, "a waiter of priority "+want+" waits", func() bool { return priority(t, linux.Gettid()) == want })
	}
	m.Unlock()
	g.Join()
	if !slices.Equal(order, []uint32{5, 2}) {
		t.Errorf("the order of priorities is %v, want 5 before 2", order)
	}
}

// needRealTime skips a test where threads may not have a real-time priority.
func needRealTime(t *testing.T) {
	t.Helper()
	end, err := realTime(7)
	if err != nil {
		t.Skipf("no priorities to inherit: SCHED_FIFO: %v", err)
	}
	end()
}

// realTime locks the calling goroutine to a thread with a priority of SCHED_FIFO, or to an ordinary
// thread if level is 0, until end is called.
func realTime(level uint32) (end func(), err error) {
	attr := linux.SchedAttr{Policy: unix.SCHED_FIFO, Priority: level}
	attr.Size = uint32(unsafe.Sizeof(attr))
	ordinary := linux.SchedAttr{Size: attr.Size, Policy: unix.SCHED_NORMAL}
	if level == 0 {
		attr = ordinary
	}
	// Threads that Go starts from this one must not inherit it.
	attr.Flags = unix.SCHED_FLAG_RESET_ON_FORK
	runtime.LockOSThread()
	if err := linux.SchedSetattr(0, &attr, 0); err != nil {
		runtime.UnlockOSThread()
		return nil, err
	}
	return func() {
		// Only a privileged thread may clear the flag, which does no harm.
		if linux.SchedSetattr(0, &ordinary, 0) != nil {
			ordinary.Flags = unix.SCHED_FLAG_RESET_ON_FORK
			_ = linux.SchedSetattr(0, &ordinary, 0)
		}
		runtime.UnlockOSThread()
	}, nil
}

// priority returns the priority by which the kernel schedules a thread: -1-p for a real-time
// priority of p, 20 and its surroundings for ordinary threads.
func priority(t *testing.T, tid int) string {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/stat", tid))
	if err != nil {
		t.Error(err)
		return ""
	}
	_, fields, _ := strings.Cut(string(stat), ") ") // the name before it may contain anything
	return strings.Fields(fields)[15]
}

// TestPIMutexWithoutClock takes the kernel's clock away from a thread that waits with a limit.
// TryLockFor returns the clock's error, and does not wait forever.
func TestPIMutexWithoutClock(t *testing.T) {
	needPI(t)
	watchdog := time.AfterFunc(30*time.Second, func() { panic("TryLockFor without a clock does not end") })
	defer watchdog.Stop()
	m := new(native.PIMutex)
	lockPI(t, m)
	onDyingThread(t, func() {
		if err := seccomp.Deny(unix.SYS_CLOCK_GETTIME, syscall.ENOSYS); err != nil {
			t.Logf("not tried: no filter of system calls: %v", err)
			return
		}
		if linux.ClockGettime(unix.CLOCK_MONOTONIC, new(linux.Timespec)) != syscall.ENOSYS {
			t.Log("not tried: the clock has another call, too")
			return
		}
		ok, err := m.TryLockFor(time.Millisecond)
		if ok || !errors.Is(err, syscall.ENOSYS) {
			t.Errorf("TryLockFor without a clock = %t, %v, want %v", ok, err, syscall.ENOSYS)
		}
	})
	m.Unlock()
}

// TestPIMutexRests shows that rest takes time, also where nanosleep is missing.
func TestPIMutexRests(t *testing.T) {
	onDyingThread(t, func() {
		if err := seccomp.Deny(unix.SYS_NANOSLEEP, syscall.ENOSYS); err != nil {
			t.Logf("no filter of system calls: %v", err)
		}
		const tries = 5 // a signal may end a rest
		longest := time.Duration(0)
		for range tries {
			begin := time.Now()
			native.Rest()
			longest = max(longest, time.Since(begin))
		}
		if longest < 50*time.Microsecond {
			t.Errorf("the longest of %d rests took %v", tries, longest)
		}
	})
}
