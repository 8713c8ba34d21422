// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// A lockPI is a way to wait for a lock with priority inheritance.
type lockPI struct {
	name    string
	clockid int32
	call    func(addr *atomic.Uint32, deadline *linux.Timespec, flags uint32) error
}

var lockPIs = []lockPI{
	{"FutexLockPI", unix.CLOCK_REALTIME, linux.FutexLockPI},
	{"FutexLockPI2", unix.CLOCK_MONOTONIC, linux.FutexLockPI2},
	{"FutexLockPI2 realtime", unix.CLOCK_REALTIME, func(addr *atomic.Uint32, deadline *linux.Timespec, flags uint32) error {
		return linux.FutexLockPI2(addr, deadline, flags|realtime)
	}},
}

// self locks the test to its thread until it ends, and returns the thread's id.
func self(t testing.TB) uint32 {
	t.Helper()
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
	return uint32(linux.Gettid())
}

// heldPI returns a lock that the calling thread holds.
func heldPI(t testing.TB) *atomic.Uint32 {
	t.Helper()
	lock := new(atomic.Uint32)
	lock.Store(self(t))
	return lock
}

// contendedPI returns a lock that the calling thread holds and for which another thread waits,
// which will release it.
func contendedPI(t testing.TB) (*atomic.Uint32, *sleeper) {
	t.Helper()
	lock := heldPI(t)
	waiter := start(func() error {
		if err := linux.FutexLockPI(lock, nil, private); err != nil {
			return err
		}
		return linux.FutexUnlockPI(lock, private)
	})
	awaitPI(t, lock)
	return lock, waiter
}

// awaitPI waits until the kernel has recorded that threads wait for the lock.
func awaitPI(t testing.TB, lock *atomic.Uint32) {
	t.Helper()
	await(t, "a waiter for the lock", func() bool { return lock.Load()&linux.FUTEX_WAITERS != 0 })
}

func eachLockPI(t *testing.T, f func(t *testing.T, l lockPI)) {
	skipSwapped(t)
	for _, l := range lockPIs {
		t.Run(l.name, func(t *testing.T) {
			if err := l.call(heldPI(t), nil, private); err != syscall.EDEADLK {
				skipMissing(t, err)
			}
			f(t, l)
		})
	}
}

func TestLockPI(t *testing.T) {
	eachLockPI(t, func(t *testing.T, l lockPI) {
		tid := self(t)
		for _, flags := range []uint32{0, private} {
			lock := new(atomic.Uint32)
			want(t, "lock", l.call(lock, nil, flags), nil)
			if got := lock.Load(); got != tid {
				t.Fatalf("the word is %#x, want the thread id %#x", got, tid)
			}

			// Two wait, and the kernel passes the lock from one to the next.
			var waiters []*sleeper
			for range 2 {
				waiters = append(waiters, start(func() error {
					if err := l.call(lock, after(l.clockid, time.Hour), flags); err != nil {
						return err
					}
					if got := lock.Load() & linux.FUTEX_TID_MASK; got != uint32(linux.Gettid()) {
						return fmt.Errorf("the word names thread %d, not the new owner %d", got, linux.Gettid())
					}
					return linux.FutexUnlockPI(lock, flags)
				}))
			}
			awaitPI(t, lock)
			want(t, "unlock", linux.FutexUnlockPI(lock, flags), nil)
			for _, w := range waiters {
				w.end(t, nil)
			}
			if got := lock.Load(); got != 0 {
				t.Errorf("all have unlocked, but the word is %#x", got)
			}
		}
	})
}

func TestLockPITimesOut(t *testing.T) {
	eachLockPI(t, func(t *testing.T, l lockPI) {
		lock := heldPI(t)
		deadline := after(l.clockid, 5*time.Millisecond)
		start(func() error { return l.call(lock, deadline, private) }).end(t, syscall.ETIMEDOUT)
		if now := after(l.clockid, 0); now.Sec*1e9+now.Nsec < deadline.Sec*1e9+deadline.Nsec {
			t.Error("returned before the deadline")
		}
		if got := lock.Load(); got != uint32(linux.Gettid())|linux.FUTEX_WAITERS {
			t.Errorf("after a time-out the word is %#x, want FUTEX_WAITERS to remain", got)
		}
		start(func() error { return l.call(lock, &linux.Timespec{}, private) }).end(t, syscall.ETIMEDOUT)
		want(t, "unlock", linux.FutexUnlockPI(lock, private), nil)
		if got := lock.Load(); got != 0 {
			t.Errorf("unlocked, but the word is %#x", got)
		}
	})
}

func TestLockPISignals(t *testing.T) {
	eachLockPI(t, func(t *testing.T, l lockPI) {
		lock := heldPI(t)
		for _, limit := range []*linux.Timespec{nil, after(l.clockid, time.Hour)} {
			lock.Store(uint32(linux.Gettid()))
			s := start(func() error {
				if err := l.call(lock, limit, private); err != nil {
					return err
				}
				return linux.FutexUnlockPI(lock, private)
			})
			awaitPI(t, lock)
			for range 20 {
				s.signal(t)
			}
			runtime.GC()
			want(t, "unlock", linux.FutexUnlockPI(lock, private), nil)
			s.end(t, nil)
		}
	})
}

// TestLockPIErrors leaves out two errors that a test cannot provoke at will: EAGAIN, for which
// the owner must be exiting, and ENOMEM.
func TestLockPIErrors(t *testing.T) {
	holding := func(value uint32) *atomic.Uint32 {
		word := new(atomic.Uint32)
		word.Store(value)
		return word
	}
	eachLockPI(t, func(t *testing.T, l lockPI) {
		tid := self(t)
		trylock := func(addr *atomic.Uint32, _ *linux.Timespec, flags uint32) error {
			return linux.FutexTrylockPI(addr, flags)
		}
		for _, c := range []struct {
			name  string
			addr  *atomic.Uint32
			flags uint32
			err   error
		}{
			{"own lock", holding(tid), private, syscall.EDEADLK},
			{"dead owner", holding(noSuchThread), private, syscall.ESRCH},
			{"misaligned word", misaligned(), private, syscall.EINVAL},
			{"unreadable word", unreadable(t), private, syscall.EFAULT},
			{"unreadable shared word", unreadable(t), 0, syscall.EFAULT},
			{"unknown flag", holding(0), noSuchFlag, syscall.ENOSYS},
		} {
			want(t, c.name, l.call(c.addr, nil, c.flags), c.err)
			want(t, "try, "+c.name, trylock(c.addr, nil, c.flags), c.err)
		}
		for _, clock := range []struct {
			name string
			call func(*atomic.Uint32, *linux.Timespec, uint32) error
		}{{"FutexLockPI", linux.FutexLockPI}, {"FutexTrylockPI", trylock}} {
			want(t, clock.name+" with a clock", clock.call(holding(0), nil, realtime), syscall.ENOSYS)
		}
		lock := heldPI(t)
		for _, bad := range []*linux.Timespec{{Sec: -1}, {Sec: 1, Nsec: 1e9}, {Sec: 1, Nsec: -1}} {
			start(func() error { return l.call(lock, bad, private) }).end(t, syscall.EINVAL)
		}
		if !timesConverted {
			badTime := (*linux.Timespec)(unsafe.Pointer(unreadable(t)))
			start(func() error { return l.call(lock, badTime, private) }).end(t, syscall.EFAULT)
		}
	})
}

// A thread in another operation leaves the kernel without an owner to which it could lend priority.
func TestLockPIMeetsOtherWaiter(t *testing.T) {
	eachLockPI(t, func(t *testing.T, l lockPI) {
		lock := heldPI(t)
		tid := lock.Load()
		s := start(func() error { return linux.FutexWait(lock, tid, nil, private) })
		awaitSleepers(t, lock, private, 1)
		start(func() error { return l.call(lock, nil, private) }).end(t, syscall.EINVAL)
		start(func() error { return linux.FutexTrylockPI(lock, private) }).end(t, syscall.EINVAL)
		want(t, "unlock", linux.FutexUnlockPI(lock, private), syscall.EINVAL)
		wake(t, lock, 1)
		s.end(t, nil)
	})
}

func TestLockPIOfKernelThread(t *testing.T) {
	const kthreadd = 2
	if name, _ := os.ReadFile("/proc/2/comm"); string(name) != "kthreadd\n" {
		t.Skipf("process %d is %q, not the kernel's", kthreadd, name)
	}
	eachLockPI(t, func(t *testing.T, l lockPI) {
		lock := new(atomic.Uint32)
		lock.Store(kthreadd)
		want(t, "lock", l.call(lock, nil, private), syscall.EPERM)
		want(t, "try", linux.FutexTrylockPI(lock, private), syscall.EPERM)
	})
}

func TestTrylockPI(t *testing.T) {
	skipSwapped(t)
	tid := self(t)
	lock := new(atomic.Uint32)
	want(t, "try a free lock", linux.FutexTrylockPI(lock, private), nil)
	if got := lock.Load(); got != tid {
		t.Errorf("the word is %#x, want the thread id %#x", got, tid)
	}
	start(func() error { return linux.FutexTrylockPI(lock, private) }).end(t, syscall.EAGAIN)
	if got := lock.Load(); got != tid|linux.FUTEX_WAITERS {
		t.Errorf("after a try in vain the word is %#x, want the owner %#x with FUTEX_WAITERS", got, tid)
	}
	want(t, "unlock", linux.FutexUnlockPI(lock, private), nil)
	if got := lock.Load(); got != 0 {
		t.Errorf("after the unlock the word is %#x", got)
	}

	lock.Store(linux.FUTEX_OWNER_DIED | noSuchThread) // no owner, whatever the id
	want(t, "try the lock of a dead owner", linux.FutexTrylockPI(lock, private), syscall.ESRCH)
	lock.Store(linux.FUTEX_OWNER_DIED)
	want(t, "try a lock that a dead owner left", linux.FutexTrylockPI(lock, private), nil)
	if got := lock.Load(); got != tid|linux.FUTEX_OWNER_DIED {
		t.Errorf("the word is %#x, want the thread id with FUTEX_OWNER_DIED", got)
	}
}

// TestUnlockPIErrors leaves out EAGAIN, for which the word must change during the call.
func TestUnlockPIErrors(t *testing.T) {
	skipSwapped(t)
	lock := heldPI(t)
	start(func() error { return linux.FutexUnlockPI(lock, private) }).end(t, syscall.EPERM)
	want(t, "free", linux.FutexUnlockPI(new(atomic.Uint32), private), syscall.EPERM)
	odd := misaligned() // the kernel checks the owner first
	binary.NativeEndian.PutUint32(unsafe.Slice((*byte)(unsafe.Pointer(odd)), 4), uint32(linux.Gettid()))
	want(t, "misaligned", linux.FutexUnlockPI(odd, private), syscall.EINVAL)
	want(t, "unreadable", linux.FutexUnlockPI(unreadable(t), private), syscall.EFAULT)
	want(t, "unreadable, shared", linux.FutexUnlockPI(unreadable(t), 0), syscall.EFAULT)
	want(t, "unknown flag", linux.FutexUnlockPI(lock, noSuchFlag), syscall.ENOSYS)
	want(t, "clock flag", linux.FutexUnlockPI(lock, realtime), syscall.ENOSYS)
	want(t, "held", linux.FutexUnlockPI(lock, private), nil)
}

// If an owner ends while others wait, the lock passes to them, marked.
func TestLockPIOwnerDies(t *testing.T) {
	skipSwapped(t)
	lock := new(atomic.Uint32)
	var waiter *sleeper
	var word uint32
	onDyingThread(t, func() {
		lock.Store(uint32(linux.Gettid()))
		waiter = start(func() error {
			err := linux.FutexLockPI(lock, nil, private)
			word = lock.Load()
			return err
		})
		for lock.Load()&linux.FUTEX_WAITERS == 0 {
			runtime.Gosched()
		}
	})
	waiter.end(t, nil)
	if word&^linux.FUTEX_WAITERS != uint32(waiter.tid)|linux.FUTEX_OWNER_DIED {
		t.Errorf("the word is %#x, want the new owner %#x with FUTEX_OWNER_DIED", word, waiter.tid)
	}
}

// The owner runs with the priority of the real-time thread that waits for it.
func TestLockPIInheritsPriority(t *testing.T) {
	skipSwapped(t)
	lock := heldPI(t)
	before := priority(t, linux.Gettid())
	realTime := make(chan error, 1)
	waiter := start(func() error {
		attr := linux.SchedAttr{Policy: unix.SCHED_FIFO, Priority: 7}
		attr.Size = uint32(unsafe.Sizeof(attr))
		err := linux.SchedSetattr(0, &attr, 0)
		realTime <- err
		if err != nil {
			return nil
		}
		defer linux.SchedSetattr(0, &linux.SchedAttr{Size: attr.Size, Policy: unix.SCHED_NORMAL}, 0)
		if err := linux.FutexLockPI(lock, nil, private); err != nil {
			return err
		}
		return linux.FutexUnlockPI(lock, private)
	})
	if err := <-realTime; err != nil {
		t.Skipf("SCHED_FIFO: %v", err)
	}
	await(t, "the priority of the waiter", func() bool { return priority(t, linux.Gettid()) == "-8" })
	want(t, "unlock", linux.FutexUnlockPI(lock, private), nil)
	waiter.end(t, nil)
	if got := priority(t, linux.Gettid()); got != before {
		t.Errorf("after unlocking the priority is %s, want %s as before", got, before)
	}
}

// priority returns the priority by which the kernel schedules a thread: -1-p for a
// real-time priority of p, around 20 for ordinary threads.
func priority(t *testing.T, tid int) string {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/stat", tid))
	if err != nil {
		t.Skip(err)
	}
	_, fields, _ := strings.Cut(string(stat), ") ") // the name before it may contain anything
	return strings.Fields(fields)[15]
}
