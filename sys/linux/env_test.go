// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"encoding/binary"
	"errors"
	"math"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

const (
	private  = linux.FUTEX_PRIVATE_FLAG
	realtime = linux.FUTEX_CLOCK_REALTIME
	matchAny = linux.FUTEX_BITSET_MATCH_ANY
	everyone = math.MaxInt32 // the largest count

	// noSuchFlag is a flag of the classic operations that does not exist. New ones are added from the low bits up:
	// Linux 7.2 added 0x200 and 0x400.
	noSuchFlag = 1 << 30
	// noSuchThread is a thread id above the kernel's limit of 4 million.
	noSuchThread = linux.FUTEX_TID_MASK

	// patience bounds waits that another event ends; no result depends on it.
	patience = 30 * time.Second
)

// emulated reports whether the program runs in qemu user mode. Unlike any kernel, it has
// futexes but no robust lists.
func emulated() bool {
	_, _, err := linux.GetRobustList(0)
	return err == syscall.ENOSYS
}

// skipSwapped skips tests in which the kernel computes with a word, if an emulator passes the
// word unchanged to a kernel of another byte order.
func skipSwapped(t testing.TB) {
	t.Helper()
	if emulated() && binary.NativeEndian.Uint16([]byte{0, 1}) == 1 {
		t.Skip("the emulator gives the kernel words in the wrong byte order")
	}
}

// skipRequeue skips tests that requeue on an emulator that hangs in it.
func skipRequeue(t testing.TB) {
	t.Helper()
	if emulated() && (runtime.GOARCH == "ppc64" || runtime.GOARCH == "ppc64le") {
		t.Skip("requeueing hangs in this emulator")
	}
}

// skipMissing skips the test if err shows that this kernel lacks the call, or that a
// container's filter denies it.
func skipMissing(t testing.TB, err error) {
	t.Helper()
	if err == syscall.ENOSYS || err == syscall.EPERM {
		t.Skipf("the call is not there: %v", err)
	}
}

// want fails the test unless got is exactly the expected error.
func want(t testing.TB, what string, got, wanted error) {
	t.Helper()
	if got != wanted {
		t.Errorf("%s: got error %v, want %v", what, got, wanted)
	}
}

// wantCount is want for calls that return a number.
func wantCount(t testing.TB, what string, n int, err error, wanted int) {
	t.Helper()
	if n != wanted || err != nil {
		t.Errorf("%s: got %d, %v, want %d, nil", what, n, err, wanted)
	}
}

// await polls until cond is true.
func await(t testing.TB, what string, cond func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !cond(); time.Sleep(50 * time.Microsecond) {
		if time.Now().After(end) {
			t.Fatalf("gave up waiting for: %s", what)
		}
	}
}

// waiters counts the threads that sleep on addr, by requeueing them to the same word.
func waiters(t testing.TB, addr *atomic.Uint32, flags uint32) int {
	t.Helper()
	n, err := linux.FutexRequeue(addr, 0, everyone, addr, flags)
	if err != nil {
		t.Fatalf("counting waiters: %v", err)
	}
	return n
}

// awaitSleepers waits until n threads sleep on addr.
func awaitSleepers(t testing.TB, addr *atomic.Uint32, flags uint32, n int) {
	t.Helper()
	skipRequeue(t)
	await(t, "threads to fall asleep", func() bool { return waiters(t, addr, flags) == n })
}

// A sleeper is a thread inside a call that may block.
type sleeper struct {
	tid  int
	done chan error
}

// start runs call in a goroutine that is locked to its thread.
func start(call func() error) *sleeper {
	s := &sleeper{done: make(chan error, 1)}
	tid := make(chan int)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		tid <- linux.Gettid()
		s.done <- call()
	}()
	s.tid = <-tid
	return s
}

// end waits for the call to return, and fails the test unless it returns wanted.
func (s *sleeper) end(t testing.TB, wanted error) {
	t.Helper()
	select {
	case err := <-s.done:
		want(t, "sleeping thread", err, wanted)
	case <-time.After(patience):
		t.Fatalf("the sleeping thread did not return")
	}
}

// asleep reports whether the call has not returned yet.
func (s *sleeper) asleep() bool { return len(s.done) == 0 }

// signal interrupts the thread with a signal that Go handles and ignores.
func (s *sleeper) signal(t testing.TB) {
	t.Helper()
	if err := unix.Tgkill(unix.Getpid(), s.tid, unix.SIGURG); err != nil {
		t.Fatal(err)
	}
}

// onDyingThread runs f on a thread that has ended when onDyingThread returns.
func onDyingThread(t testing.TB, f func()) {
	t.Helper()
	tid := make(chan int)
	var try func()
	try = func() {
		runtime.LockOSThread()
		if linux.Gettid() == unix.Getpid() {
			// Go never ends the main thread. While this goroutine holds it, another goroutine gets
			// another thread.
			next := make(chan struct{})
			go func() { defer close(next); try() }()
			<-next
			runtime.UnlockOSThread()
			return
		}
		f()
		tid <- linux.Gettid() // the thread ends with its goroutine, which is still locked
	}
	go try()
	ended := <-tid
	await(t, "a thread to end", func() bool {
		return errors.Is(unix.Tgkill(unix.Getpid(), ended, 0), syscall.ESRCH)
	})
}

// after returns the time of the clock after d from now.
func after(clockid int32, d time.Duration) *linux.Timespec {
	ns := int64(readClock(clockid)) + int64(d)
	return &linux.Timespec{Sec: ns / 1e9, Nsec: ns % 1e9}
}

// readClock returns the time since the start of the clock.
func readClock(clockid int32) time.Duration {
	var now linux.Timespec
	if err := linux.ClockGettime(clockid, &now); err != nil {
		panic(err)
	}
	return time.Duration(now.Sec*1e9 + now.Nsec)
}

// mapped returns memory that Go does not manage.
func mapped(t testing.TB, prot int) []byte {
	t.Helper()
	mem, err := unix.Mmap(-1, 0, unix.Getpagesize(), prot, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Munmap(mem); err != nil {
			t.Error(err)
		}
	})
	return mem
}

// unreadable returns a word that can be neither read nor written.
func unreadable(t testing.TB) *atomic.Uint32 {
	t.Helper()
	return (*atomic.Uint32)(unsafe.Pointer(unsafe.SliceData(mapped(t, unix.PROT_NONE))))
}

// misaligned returns a word at an odd address.
func misaligned() *atomic.Uint32 {
	words := new([2]uint32)
	return (*atomic.Uint32)(unsafe.Add(unsafe.Pointer(words), 1))
}
