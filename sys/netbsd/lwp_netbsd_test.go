// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package netbsd

import (
	"bytes"
	"math"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestLwpPark parks a thread until another one unparks it. Go's runtime may unpark it, too: it parks again.
func TestLwpPark(t *testing.T) {
	ids, parked := make(chan int), make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		ids <- LwpSelf()
		parked <- LwpPark(CLOCK_MONOTONIC, TIMER_RELTIME, nil, 0, 0, 0)
	}()
	id := <-ids
	if id == 0 || id == LwpSelf() {
		t.Fatalf("the id of another thread is %d", id)
	}
	if err := LwpUnpark(id, 0); err != nil {
		t.Errorf("LwpUnpark = %v", err)
	}
	if err := <-parked; err != nil && err != syscall.EALREADY && err != syscall.EINTR {
		t.Errorf("LwpPark = %v", err)
	}
}

func TestLwpParkErrors(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, c := range []struct {
		name   string
		clock  int32
		flags  int32
		time   unix.Timespec
		unpark int
		want   error
	}{
		{"a time that is over", CLOCK_MONOTONIC, TIMER_ABSTIME, unix.Timespec{Sec: 1}, 0, syscall.ETIMEDOUT},
		{"nanoseconds out of range", CLOCK_MONOTONIC, TIMER_RELTIME, unix.Timespec{Nsec: 1e9}, 0, syscall.EINVAL},
		{"another clock", 99, TIMER_ABSTIME, unix.Timespec{Sec: 1}, 0, syscall.EINVAL},
		{"no such thread", CLOCK_MONOTONIC, TIMER_RELTIME, unix.Timespec{Nsec: 1}, math.MaxInt32, syscall.ESRCH},
	} {
		if err := LwpPark(c.clock, c.flags, &c.time, c.unpark, 0, 0); err != c.want {
			t.Errorf("%s: LwpPark = %v, want %v", c.name, err, c.want)
		}
	}
	if err := LwpUnpark(math.MaxInt32, 0); err != syscall.ESRCH {
		t.Errorf("LwpUnpark of no thread = %v, want %v", err, syscall.ESRCH)
	}
}

func TestLwpSetname(t *testing.T) {
	done := make(chan bool)
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread ends with its name
		if err := LwpSetname(0, []byte("osync's own thread\x00")); err != nil {
			t.Errorf("LwpSetname = %v", err)
		}
		buf := make([]byte, 16)
		if err := LwpGetname(LwpSelf(), buf); err != nil {
			t.Errorf("LwpGetname = %v", err)
		}
		if got, want := string(buf[:bytes.IndexByte(buf, 0)]), "osync's own thr"; got != want {
			t.Errorf("the name is %q, want %q", got, want)
		}
		if err := LwpGetname(0, buf[:3]); err != syscall.ENAMETOOLONG {
			t.Errorf("LwpGetname with no room = %v, want %v", err, syscall.ENAMETOOLONG)
		}
	}()
	<-done
	for name, err := range map[string]error{
		"a name without a zero byte": LwpSetname(0, []byte("x")),
		"an empty buffer":            LwpGetname(0, nil),
	} {
		if err != syscall.EINVAL {
			t.Errorf("%s: %v, want %v", name, err, syscall.EINVAL)
		}
	}
	if err := LwpSetname(math.MaxInt32, []byte(strings.Repeat("x", 3)+"\x00")); err != syscall.ESRCH {
		t.Errorf("LwpSetname of no thread = %v, want %v", err, syscall.ESRCH)
	}
}

func TestSchedAffinity(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	set := make([]uint32, 1)
	if err := SchedGetaffinity(0, LwpSelf(), set); err != nil {
		t.Errorf("SchedGetaffinity = %v", err)
	}
	if err := SchedGetaffinity(0, LwpSelf(), make([]uint32, 1<<12)); err != syscall.EINVAL {
		t.Errorf("SchedGetaffinity of a large set = %v, want %v", err, syscall.EINVAL)
	}
	switch err := SchedSetaffinity(0, LwpSelf(), set); {
	case err == syscall.EPERM && os.Geteuid() != 0: // this needs a privilege
	case err != nil:
		t.Errorf("SchedSetaffinity = %v", err)
	}
	SchedYield() // returns
}
