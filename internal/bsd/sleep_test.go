// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !plan9

package bsd

import (
	"fmt"
	"math"
	"os"
	"syscall"
	"testing"
	"time"
)

func TestOutcome(t *testing.T) {
	other := fmt.Errorf("other")
	for err, want := range map[error]error{
		nil: nil, other: other, syscall.EAGAIN: nil, syscall.EINTR: syscall.EINTR, syscall.ECANCELED: syscall.EINTR,
		syscall.ENOMEM: syscall.EINTR, syscall.ENFILE: syscall.EINTR, syscall.ETIMEDOUT: os.ErrDeadlineExceeded,
		syscall.ENOSYS: syscall.ENOSYS, syscall.EINVAL: syscall.EINVAL, syscall.EFAULT: syscall.EFAULT,
	} {
		if got := Outcome(err); got != want {
			t.Errorf("Outcome(%v) = %v, want %v", err, got, want)
		}
	}
}

func TestDeadlineAtTheEnd(t *testing.T) {
	for _, c := range []struct{ limit, now, want uint64 }{
		{math.MaxUint64, 1, math.MaxUint64},
		{math.MaxUint64 - 1, math.MaxUint64 - 2, math.MaxUint64},
		{5, 5, 5},
		{4, 5, 4},
		{1, 0, leastSleep},
	} {
		if got := Deadline(c.limit, c.now); got != c.want {
			t.Errorf("Deadline(%d, %d) = %d, want %d", c.limit, c.now, got, c.want)
		}
	}
}

func TestTimeout(t *testing.T) {
	for left, want := range map[time.Duration]time.Duration{0: 1, 1: 1, 2: 2, time.Hour: time.Hour} {
		if got := Timeout(left); got != want {
			t.Errorf("Timeout(%d) = %d, want %d", left, got, want)
		}
	}
}
