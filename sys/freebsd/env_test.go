// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd

package freebsd_test

import (
	"errors"
	"math"
	"runtime"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/freebsd"
	"golang.org/x/sys/unix"
)

const (
	everyone = math.MaxInt32 // the largest count

	// patience bounds waits that end by something else; it decides no result.
	patience = 30 * time.Second
)

// nowhere is an address that is not mapped.
func nowhere[T any]() *T {
	n := uintptr(1 << 12)
	return *(**T)(unsafe.Pointer(&n))
}

func want(t *testing.T, what string, got, want error) {
	t.Helper()
	if got != want {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// in returns a limit that is a duration.
func in(d time.Duration) *freebsd.UmtxTime {
	return &freebsd.UmtxTime{Timeout: freebsd.ToTimespec(d), ClockID: unix.CLOCK_MONOTONIC}
}

// after returns a limit that is a point in time.
func after(t *testing.T, d time.Duration) *freebsd.UmtxTime {
	t.Helper()
	var now freebsd.Timespec
	if err := freebsd.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		t.Fatal(err)
	}
	at := time.Duration(now.Sec)*time.Second + time.Duration(now.Nsec) + d
	return &freebsd.UmtxTime{Timeout: freebsd.ToTimespec(at), Flags: freebsd.UMTX_ABSTIME, ClockID: unix.CLOCK_MONOTONIC}
}

// wrongLimits are those that no operation takes.
func wrongLimits() []*freebsd.UmtxTime {
	negative, whole := in(0), in(0)
	negative.Timeout.Sec = -1
	whole.Timeout.Nsec = 1e9
	return []*freebsd.UmtxTime{negative, whole}
}

// A sleeper is a thread in a call that may sleep.
type sleeper struct {
	tid  int
	over chan error
}

// start makes the call in a thread of its own, which ends with it.
func start(call func() error) *sleeper {
	s, tid := &sleeper{over: make(chan error, 1)}, make(chan int)
	go func() {
		runtime.LockOSThread() // and never unlocked
		tid <- freebsd.ThrSelf()
		s.over <- call()
	}()
	s.tid = <-tid
	return s
}

// again makes a call again after a signal, which may be one that Go sends to its own threads.
func again(call func() error) func() error {
	return func() error {
		err := call()
		for err == syscall.EINTR {
			err = call()
		}
		return err
	}
}

// ends calls prod, which does nothing if it comes before the sleep, until the call has ended, and checks its error.
func (s *sleeper) ends(t *testing.T, prod func(), wanted error) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); {
		select {
		case err := <-s.over:
			want(t, "the call", err, wanted)
			return
		case <-time.After(time.Millisecond):
			prod()
		}
	}
	t.Fatal("the call does not end")
}

// signal sends a thread a signal that Go's runtime handles and takes for one of its own.
func (s *sleeper) signal() {
	_, _, _ = syscall.Syscall(unix.SYS_THR_KILL, uintptr(s.tid), uintptr(unix.SIGURG), 0)
}

// mapped returns n bytes of memory that Go does not manage, which is never unmapped.
func mapped(t *testing.T, n, flags int) unsafe.Pointer {
	t.Helper()
	memory, err := unix.Mmap(-1, 0, n, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|flags)
	if err != nil {
		t.Fatal(err)
	}
	return unsafe.Pointer(&memory[0])
}

// unknown reports whether the kernel does not know an operation.
func unknown(err error) bool { return errors.Is(err, syscall.EINVAL) }
