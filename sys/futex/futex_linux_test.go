// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"math"
	"os"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/seccomp"
	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// TestWithoutClock denies a thread the kernel's clock, as a filter of system calls or a 32-bit kernel may. Deadlines still
// hold.
func TestWithoutClock(t *testing.T) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the filter stays as long as the thread
		if err := seccomp.Deny(unix.SYS_CLOCK_GETTIME, syscall.ENOSYS); err != nil {
			t.Logf("not tried: no filter of system calls: %v", err)
			return
		}
		if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, new(unix.Timespec)); err != syscall.ENOSYS {
			t.Logf("not tried: the filter has no effect: %v", err)
			return
		}
		word := new(atomic.Uint32)
		if err := WaitUntil(word, 1, time.Now().Add(time.Hour), Private); err != nil {
			t.Errorf("WaitUntil of another value = %v", err)
		}
		const d = 5 * time.Millisecond
		begin := time.Now()
		var err error
		for err == nil && time.Since(begin) < 30*time.Second {
			err = WaitUntil(word, 0, begin.Add(d), Private)
		}
		if took := time.Since(begin); err != os.ErrDeadlineExceeded || took < d {
			t.Errorf("a wait of %v took %v: %v", d, took, err)
		}
	}()
	<-done
}

// TestLaterCarries carries nanoseconds into seconds: the kernel accepts no whole second in Nsec.
func TestLaterCarries(t *testing.T) {
	for _, c := range []struct {
		at   linux.Timespec
		d    time.Duration
		want linux.Timespec
	}{
		{linux.Timespec{Sec: 7, Nsec: 999_999_998}, 1, linux.Timespec{Sec: 7, Nsec: 999_999_999}},
		{linux.Timespec{Sec: 7, Nsec: 999_999_999}, 1, linux.Timespec{Sec: 8}},
		{linux.Timespec{Sec: 7, Nsec: 999_999_999}, 2*time.Second - 1, linux.Timespec{Sec: 9, Nsec: 999_999_998}},
		{linux.Timespec{}, math.MaxInt64, linux.Timespec{Sec: 9_223_372_036, Nsec: 854_775_807}},
	} {
		if got := later(c.at, c.d); got != c.want {
			t.Errorf("later(%+v, %v) = %+v, want %+v", c.at, c.d, got, c.want)
		}
	}
}
