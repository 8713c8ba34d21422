// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"errors"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/osync-go/osync/sys/windows"
)

// TestRealtime joins the task of the Multimedia Class Scheduler once, whatever the period, and leaves it once.
func TestRealtime(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var r Realtime
	if err := r.Leave(); err != nil {
		t.Errorf("Leave before Enter = %v", err)
	}
	err := r.Enter(10*time.Millisecond, time.Millisecond)
	if errors.Is(err, errors.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil || r.task == 0 {
		t.Fatalf("Enter = %v, and the task is %#x", err, r.task)
	}
	joined := r.task
	if err := r.Enter(time.Millisecond, time.Millisecond); err != nil || r.task != joined {
		t.Errorf("Enter again = %v, and the task is %#x, want %#x", err, r.task, joined)
	}
	for range 2 {
		if err := r.Leave(); err != nil || r.task != 0 {
			t.Errorf("Leave = %v, and the task is %#x", err, r.task)
		}
	}
	if r.Enter(time.Millisecond, time.Millisecond) != nil || r.task == 0 || r.Leave() != nil {
		t.Error("it cannot join again")
	}
}

// TestNoTask makes errors of those that the system has for whom it does not let join, by which a program sees whether to go on without.
func TestNoTask(t *testing.T) {
	for err, want := range map[error]error{
		windows.ERROR_PRIVILEGE_NOT_HELD: os.ErrPermission,
		windows.ERROR_INVALID_TASK_NAME:  errors.ErrUnsupported,
		windows.ERROR_FILE_NOT_FOUND:     errors.ErrUnsupported,
		errors.ErrUnsupported:            errors.ErrUnsupported,
	} {
		if got := noTask(err); !errors.Is(got, err) || !errors.Is(got, want) || want != os.ErrPermission && errors.Is(got, os.ErrPermission) {
			t.Errorf("noTask(%v) = %v, want one that is %v", err, got, want)
		}
	}
}
