// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build dragonfly

package dragonfly_test

import (
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/sys/dragonfly"
	"golang.org/x/sys/unix"
)

// patience bounds waits that end by something else; it decides no result.
const patience = 30 * time.Second

func want(t *testing.T, what string, got, want error) {
	t.Helper()
	if got != want {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// until makes a call again and again until it returns another error than those that say nothing of the word.
func until(call func() error) error {
	for {
		switch err := call(); err {
		case syscall.EINTR, syscall.EWOULDBLOCK:
		default:
			return err
		}
	}
}

func TestUmtxSleep(t *testing.T) {
	word := new(atomic.Uint32)
	want(t, "a word that differs", dragonfly.UmtxSleep(word, 1, 0), syscall.EBUSY)
	want(t, "a negative timeout", dragonfly.UmtxSleep(word, 0, -1), syscall.EINVAL)
	odd := new([2]atomic.Uint32)
	unaligned := (*atomic.Uint32)(unsafe.Add(unsafe.Pointer(odd), 2))
	want(t, "a word that is not aligned", dragonfly.UmtxSleep(unaligned, 0, 1), syscall.EFAULT)
	want(t, "a wake that is not aligned", dragonfly.UmtxWakeup(unaligned, 1), syscall.EFAULT)
	// EINVAL for a page that is not mapped is not provoked: the kernel writes a line to its log.

	begin := time.Now()
	err := error(syscall.EINTR)
	for err == syscall.EINTR {
		err = dragonfly.UmtxSleep(word, 0, dragonfly.Microseconds(30*time.Millisecond))
	}
	want(t, "the end of the time", err, syscall.EWOULDBLOCK)
	if took := time.Since(begin); took < 10*time.Millisecond || took > patience {
		t.Errorf("a sleep of 30 ms took %v", took)
	}
}

func TestUmtxWakeup(t *testing.T) {
	for _, count := range []int32{1, 0} {
		word, over := new(atomic.Uint32), make(chan error, 3)
		for range cap(over) {
			go func() { over <- until(func() error { return dragonfly.UmtxSleep(word, 0, 0) }) }()
		}
		for end, n := time.Now().Add(patience), 0; n < cap(over); {
			select {
			case err := <-over:
				want(t, "the sleep", err, nil)
				n++
			case <-time.After(time.Millisecond):
				want(t, "UmtxWakeup", dragonfly.UmtxWakeup(word, count), nil)
			}
			if time.Now().After(end) {
				t.Fatal("a thread is not woken")
			}
		}
	}
}

// TestLongestSleep shows that a sleep without a limit ends all the same, after two seconds unless the system is set up
// otherwise.
func TestLongestSleep(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes two seconds")
	}
	word := new(atomic.Uint32)
	err := error(syscall.EINTR)
	for err == syscall.EINTR {
		err = dragonfly.UmtxSleep(word, 0, 0)
	}
	want(t, "a sleep without a limit", err, syscall.EWOULDBLOCK)
}

// TestSignal interrupts a sleep by a signal that Go's runtime handles and takes for one of its own.
func TestSignal(t *testing.T) {
	word, tid, over := new(atomic.Uint32), make(chan int32), make(chan error, 1)
	go func() {
		runtime.LockOSThread() // and never unlocked
		tid <- dragonfly.LwpGettid()
		err := error(syscall.EWOULDBLOCK)
		for err == syscall.EWOULDBLOCK {
			err = dragonfly.UmtxSleep(word, 0, 0)
		}
		over <- err
	}()
	id := <-tid
	for {
		select {
		case err := <-over:
			want(t, "the sleep", err, syscall.EINTR)
			return
		case <-time.After(time.Millisecond):
			_, _, _ = syscall.Syscall(unix.SYS_LWP_KILL, uintptr(syscall.Getpid()), uintptr(id), uintptr(unix.SIGURG))
		}
	}
}

func TestThreads(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	self := dragonfly.LwpGettid()
	const none = 1 << 30 // no thread's
	want(t, "LwpSetname", dragonfly.LwpSetname(self, []byte("osync\x00")), nil)
	want(t, "LwpSetname without an end", dragonfly.LwpSetname(self, []byte("osync")), syscall.EINVAL)
	want(t, "LwpSetname of no thread", dragonfly.LwpSetname(none, []byte("\x00")), syscall.ESRCH)
	buf := make([]byte, 64)
	if err := dragonfly.LwpGetname(self, buf); err != syscall.ENOSYS {
		want(t, "LwpGetname", err, nil)
		if name, _, _ := strings.Cut(string(buf), "\x00"); name != "osync" {
			t.Errorf("the name is %q", name)
		}
		want(t, "LwpGetname of no thread", dragonfly.LwpGetname(none, buf), syscall.ESRCH)
	}
	want(t, "LwpGetname to nothing", dragonfly.LwpGetname(self, nil), syscall.EINVAL)

	var rtp dragonfly.Rtprio
	want(t, "LwpRtprio", dragonfly.LwpRtprio(dragonfly.RTP_LOOKUP, 0, -1, &rtp), nil)
	if rtp.Type != dragonfly.RTP_PRIO_NORMAL {
		t.Errorf("the class is %d", rtp.Type)
	}
	want(t, "LwpRtprio of another function", dragonfly.LwpRtprio(2, 0, -1, &rtp), syscall.EINVAL)
	want(t, "LwpRtprio of no thread", dragonfly.LwpRtprio(dragonfly.RTP_LOOKUP, 0, none, &rtp), syscall.ESRCH)
	want(t, "LwpRtprio of a tid below all", dragonfly.LwpRtprio(dragonfly.RTP_LOOKUP, 0, -2, &rtp), syscall.EINVAL)
	want(t, "LwpRtprio of a pid below all", dragonfly.LwpRtprio(dragonfly.RTP_LOOKUP, -1, -1, &rtp), syscall.EINVAL)
	want(t, "LwpRtprio of another class", dragonfly.LwpRtprio(dragonfly.RTP_SET, 0, -1, &dragonfly.Rtprio{Type: 9}), syscall.EINVAL)

	want(t, "LwpRtprio of a priority below all", dragonfly.LwpRtprio(dragonfly.RTP_SET, 0, -1, &dragonfly.Rtprio{Type: dragonfly.RTP_PRIO_NORMAL, Prio: 32}), syscall.EINVAL)
	want(t, "LwpRtprio nowhere", dragonfly.LwpRtprio(dragonfly.RTP_LOOKUP, 0, -1, nil), syscall.EFAULT)
	if unix.Geteuid() != 0 {
		want(t, "LwpRtprio without the privilege", dragonfly.LwpRtprio(dragonfly.RTP_SET, 0, -1, &dragonfly.Rtprio{Type: dragonfly.RTP_PRIO_REALTIME}), syscall.EPERM)
	}

	var mask, empty dragonfly.Cpumask
	want(t, "LwpGetaffinity", dragonfly.LwpGetaffinity(0, self, &mask), nil)
	if mask == empty {
		t.Error("the thread may run nowhere")
	}
	want(t, "LwpSetaffinity", dragonfly.LwpSetaffinity(0, self, &mask), nil)
	want(t, "LwpSetaffinity of none", dragonfly.LwpSetaffinity(0, self, &empty), syscall.EPERM)
	want(t, "LwpSetaffinity of no thread", dragonfly.LwpSetaffinity(0, none, &mask), syscall.ESRCH)
	want(t, "LwpGetaffinity of no process", dragonfly.LwpGetaffinity(-1, self, &mask), syscall.EINVAL)

	want(t, "LwpGetaffinity nowhere", dragonfly.LwpGetaffinity(0, self, nil), syscall.EFAULT)
	want(t, "LwpSetaffinity nowhere", dragonfly.LwpSetaffinity(0, self, nil), syscall.EFAULT)

	dragonfly.SchedYield()
	var now dragonfly.Timespec
	want(t, "ClockGettime", dragonfly.ClockGettime(unix.CLOCK_MONOTONIC, &now), nil)
	want(t, "ClockGettime of no clock", dragonfly.ClockGettime(-1, &now), syscall.EINVAL)
}

func TestNothingIsAllocated(t *testing.T) {
	word := new(atomic.Uint32)
	var err error
	for name, call := range map[string]func(){
		"UmtxSleep":  func() { err = dragonfly.UmtxSleep(word, 1, 1) },
		"UmtxWakeup": func() { err = dragonfly.UmtxWakeup(word, 1) },
		"LwpGettid":  func() { dragonfly.LwpGettid() },
	} {
		if n := allocs.PerRun(t, 100, call); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
	_ = err
}
