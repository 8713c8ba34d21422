// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native_test

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks/native"
	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

func TestPIMutexSize(t *testing.T) {
	if native.PIMutexSize != 16 {
		t.Errorf("PIMutex is %d bytes long, want 16", native.PIMutexSize)
	}
}

// TestPIMutexCircle has two threads that each hold what the other one wants. The one that
// comes last is told.
func TestPIMutexCircle(t *testing.T) {
	needPI(t)
	for name, last := range map[string]func(m *native.PIMutex) error{
		"Lock": (*native.PIMutex).Lock,
		"TryLockFor": func(m *native.PIMutex) error {
			ok, err := m.TryLockFor(time.Hour)
			if ok {
				t.Error("TryLockFor has got what another thread holds")
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			var mine, others native.PIMutex
			lockPI(t, &mine)
			var g sync.WaitGroup
			held := make(chan struct{})
			g.Go(func() {
				lockPI(t, &others)
				close(held)
				lockPI(t, &mine)
				mine.Unlock()
				others.Unlock()
			})
			<-held
			eventually(t, "a waiter", mine.Waited)
			if err := last(&others); err != native.ErrDeadlock {
				t.Errorf("the lock that closes a circle returns %v, want ErrDeadlock", err)
			}
			mine.Unlock()
			finish(t, "the other thread", &g)
			if !mine.Idle() || !others.Idle() || onThread() {
				t.Error("something is left of it")
			}
		})
	}
}

// lockPI locks m, which must succeed without a word.
func lockPI(t *testing.T, m *native.PIMutex) {
	t.Helper()
	if err := m.Lock(); err != nil {
		t.Errorf("Lock() = %v", err)
	}
}

// onDyingThread runs f on a thread that then ends, and waits for that.
func onDyingThread(t *testing.T, f func()) {
	t.Helper()
	ended := make(chan int)
	var try func()
	try = func() {
		runtime.LockOSThread()
		if linux.Gettid() == syscall.Getpid() {
			// Go never ends the main thread. While this goroutine holds it, another one gets
			// another thread.
			apart(try)
			runtime.UnlockOSThread()
			return
		}
		defer func() { ended <- linux.Gettid() }() // and the thread ends with its goroutine, still locked
		f()
	}
	go try()
	tid := <-ended
	eventually(t, "the end of a thread", func() bool {
		return syscall.Tgkill(syscall.Getpid(), tid, 0) == syscall.ESRCH
	})
}

// TestPIMutexOwnerDies has an owner end, in several situations. The next one is told, once.
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
					if gaveUp { // one who waited leaves a mark
						apart(func() { m.TryLockFor(time.Microsecond) })
					}
				})
				if m.Waited() != gaveUp {
					t.Errorf("a mark of a waiter: %v, want %v", m.Waited(), gaveUp)
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
		for range rounds(50) {
			var m native.PIMutex
			var g sync.WaitGroup
			errs := make(chan error, 4)
			onDyingThread(t, func() {
				lockPI(t, &m)
				for i := range cap(errs) {
					g.Go(func() {
						take := forever
						if i%2 == 0 {
							take = attempts["TryLockFor"]
						}
						ok, err := take(&m)
						errs <- err
						if !ok {
							t.Error("a waiter has not got the lock")
							return
						}
						m.Unlock()
					})
				}
				eventually(t, "a waiter", m.Waited)
			})
			finish(t, "the waiters", &g)
			told := 0
			for range cap(errs) {
				switch err := <-errs; err {
				case native.ErrOwnerDied:
					told++
				case nil:
				default:
					t.Error(err)
				}
			}
			if told != 1 || !m.Idle() {
				t.Fatalf("%d were told of the death, want one; idle: %v", told, m.Idle())
			}
		}
	})
}

// afterDeath checks that m, which the caller has from a dead thread, is like any other.
func afterDeath(t *testing.T, m *native.PIMutex) {
	t.Helper()
	if err := m.Lock(); err != native.ErrDeadlock {
		t.Errorf("Lock by the heir = %v, want ErrDeadlock", err)
	}
	var g sync.WaitGroup
	g.Go(func() {
		lockPI(t, m)
		m.Unlock()
	})
	eventually(t, "a waiter", m.Waited)
	m.Unlock()
	finish(t, "the waiter", &g)
	lockPI(t, m)
	m.Unlock()
	if !m.Idle() || onThread() {
		t.Error("something is left of it")
	}
}

// TestPIMutexByWall waits as kernels before 5.14 do.
func TestPIMutexByWall(t *testing.T) {
	needPI(t)
	var m native.PIMutex
	lockPI(t, &m)
	apart(func() {
		const limit = 5 * time.Millisecond
		start := time.Now()
		if err := m.WaitByWall(limit); err != syscall.ETIMEDOUT {
			t.Errorf("a wait in vain ends with %v", err)
		}
		// The two clocks are read one after the other.
		if took := time.Since(start); took < limit-limit/5 {
			t.Errorf("gave up after %v, want %v", took, limit)
		}
	})
	m.Unlock()
	for _, d := range []time.Duration{time.Hour, math.MaxInt64} {
		var m native.PIMutex
		var g sync.WaitGroup
		lockPI(t, &m)
		g.Go(func() {
			runtime.LockOSThread() // which Unlock undoes
			if err := m.WaitByWall(d); err != nil {
				t.Errorf("a wait of %v ends with %v", d, err)
				runtime.UnlockOSThread()
				return
			}
			m.Unlock()
		})
		eventually(t, "a waiter", m.Waited)
		m.Unlock()
		finish(t, "the waiter", &g)
		if !m.Idle() {
			t.Error("something is left of it")
		}
	}
}

// TestPIMutexPriority checks that the owner has the priority of the thread that waits, as long as
// it waits, through a second lock too.
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

	var g sync.WaitGroup
	held := make(chan struct{})
	g.Go(func() {
		lockPI(t, &far)
		close(held)
		lockPI(t, &near)
		near.Unlock()
		far.Unlock()
	})
	<-held
	eventually(t, "a waiter", near.Waited)
	if got := priority(t, tid); got != before {
		t.Errorf("with a waiter of no priority it is %s, want %s", got, before)
	}
	g.Go(func() {
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
	eventually(t, "the priority of the waiter", func() bool { return priority(t, tid) == "-8" })
	near.Unlock()
	if got := priority(t, tid); got != before {
		t.Errorf("after Unlock the priority is %s, want %s", got, before)
	}
	finish(t, "the waiters", &g)
}

// TestPIMutexOrder has threads of two priorities wait. The more urgent one is next, though it
// comes last.
func TestPIMutexOrder(t *testing.T) {
	needPI(t)
	needRealTime(t)
	var m native.PIMutex
	lockPI(t, &m)
	var g sync.WaitGroup
	var order []uint32
	for _, level := range []uint32{2, 5} {
		g.Go(func() {
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
		eventually(t, "a waiter of priority "+want, func() bool { return priority(t, linux.Gettid()) == want })
	}
	m.Unlock()
	finish(t, "the waiters", &g)
	if !slices.Equal(order, []uint32{5, 2}) {
		t.Errorf("threads have come by priority in the order %v, want 5 before 2", order)
	}
}

// needRealTime skips a test where threads may have no priority, and so have none to lend.
func needRealTime(t *testing.T) {
	t.Helper()
	end, err := realTime(7)
	if err != nil {
		t.Skipf("no priorities to inherit: SCHED_FIFO: %v", err)
	}
	end()
}

// realTime gives the calling goroutine a thread of a priority of SCHED_FIFO, or an ordinary one if
// that is 0, until the function that it returns is called.
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
		// Only the privileged may take the flag away, but it does no harm.
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
	_, fields, _ := strings.Cut(string(stat), ") ") // the name before may hold anything
	return strings.Fields(fields)[15]
}
