// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

func TestClockGettime(t *testing.T) {
	const noSuchClock = 99
	var now linux.Timespec
	want(t, "a clock that does not exist", linux.ClockGettime(noSuchClock, &now), syscall.EINVAL)

	before := time.Now().UnixNano()
	err := linux.ClockGettime(unix.CLOCK_REALTIME, &now)
	after := time.Now().UnixNano()
	want(t, "clock", err, nil)
	// The clock may be set meanwhile, so it may be an hour off.
	if ns := now.Sec*1e9 + now.Nsec; ns < before-int64(time.Hour) || ns > after+int64(time.Hour) {
		t.Errorf("the clock says %d ns, before that it was %d and after that %d", ns, before, after)
	}
}
