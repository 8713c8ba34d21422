// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/futex"
)

// pinned runs f in a thread of its own, which ends with it if f changes it.
func pinned(t *testing.T, f func()) {
	t.Helper()
	if err := thread.Spawn(func() error { f(); return nil }).Join(); err != nil {
		t.Error(err)
	}
}

// supported reports whether err is another one than that of a missing binding.
func supported(t *testing.T, err error) bool {
	t.Helper()
	if errors.Is(err, errors.ErrUnsupported) {
		t.Logf("not checked on %s: %v", runtime.GOOS, err)
		return false
	}
	return true
}

// longName is more than some systems have room for.
const longName = "osync's own thread"

func TestSetName(t *testing.T) {
	pinned(t, func() {
		err := thread.SetName(longName)
		if !supported(t, err) {
			return
		}
		if err != nil {
			t.Errorf("SetName = %v", err)
		}
		if got := systemName(t); got != cutName {
			t.Errorf("the name is %q, want %q", got, cutName)
		}
		if err := thread.SetName("zero\x00byte"); !errors.Is(err, os.ErrInvalid) {
			t.Errorf("SetName of a name with a zero byte = %v, want %v", err, os.ErrInvalid)
		}
		if got := systemName(t); got != cutName {
			t.Errorf("an invalid name has made it %q", got)
		}
	})
}

// TestCut cuts names between characters, if there are some.
func TestCut(t *testing.T) {
	for _, tt := range []struct {
		name string
		room int
		want string
	}{
		{"", 3, ""},
		{"abc", 3, "abc"},
		{"abcd", 3, "abc"},
		{"abcd", 0, ""},
		{"aäö", 3, "aä"},
		{"aäö", 4, "aä"},
		{"a€€", 6, "a€"},
		{"a😀b", 4, "a"},
		{"a😀b", 5, "a😀"},
		{"😀", 3, ""},
		{"\x80\x80\x80\x80\x80\x80", 5, "\x80\x80\x80\x80\x80"},
	} {
		if got := thread.Cut(tt.name, tt.room); got != tt.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", tt.name, tt.room, got, tt.want)
		}
	}
}

func TestSetPriority(t *testing.T) {
	pinned(t, func() {
		// Upwards at the end: that needs a privilege on Linux.
		for _, p := range []thread.Priority{thread.Normal, thread.Low, thread.Lowest, thread.High, thread.Highest} {
			err := thread.SetPriority(p)
			if !supported(t, err) {
				break
			}
			if errors.Is(err, os.ErrPermission) && p > thread.Normal {
				t.Logf("not checked without the privilege: %v", err)
				break
			}
			if err != nil {
				t.Errorf("SetPriority(%d) = %v", p, err)
			} else if got := systemPriority(t); got != systemPriorities[p] {
				t.Errorf("SetPriority(%d) has made it %s, want %s", p, got, systemPriorities[p])
			}
		}
		for _, p := range []thread.Priority{thread.Lowest - 1, thread.Highest + 1, math.MinInt, math.MaxInt} {
			if err := thread.SetPriority(p); !errors.Is(err, os.ErrInvalid) {
				t.Errorf("SetPriority(%d) = %v, want %v", p, err, os.ErrInvalid)
			}
		}
	})
}

// TestWithoutBinding shows that where osync has no binding, calls about the system's thread return
// ErrUnsupported, none panics, and all else is as elsewhere.
func TestWithoutBinding(t *testing.T) {
	if thread.ID() != 0 {
		t.Skipf("%s has a binding", runtime.GOOS)
	}
	thread.Pin()
	defer thread.Unpin()
	_, err := thread.Affinity()
	for name, err := range map[string]error{
		"SetName":     thread.SetName("x"),
		"SetPriority": thread.SetPriority(thread.Normal),
		"SetAffinity": thread.SetAffinity(0),
		"SetRealtime": thread.SetRealtime(time.Millisecond, time.Microsecond),
		"Affinity":    err,
	} {
		if !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s = %v, want %v", name, err, errors.ErrUnsupported)
		}
	}
	if thread.Current().ID() != 0 {
		t.Error("a thread has a number that ID does not know")
	}
	thread.Sleep(time.Millisecond)
	thread.Yield()
}

func TestSetAffinity(t *testing.T) {
	pinned(t, func() {
		cpus, err := thread.Affinity()
		if !supported(t, err) {
			return
		}
		if err != nil || len(cpus) == 0 {
			t.Fatalf("Affinity() = %v, %v", cpus, err)
		}
		last := cpus[len(cpus)-1:]
		err = thread.SetAffinity(last...)
		if errors.Is(err, os.ErrPermission) { // on NetBSD
			t.Logf("not checked without the privilege: %v", err)
			return
		}
		if err != nil {
			t.Errorf("SetAffinity(%v) = %v", last, err)
		}
		if got, err := thread.Affinity(); err != nil || !slices.Equal(got, last) {
			t.Errorf("Affinity() = %v, %v, want %v", got, err, last)
		}
		for _, wrong := range [][]int{nil, {-1}, {1 << 20}, {last[0], 1 << 15}} {
			if err := thread.SetAffinity(wrong...); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("CPUs %v: ", wrong)) {
				t.Errorf("SetAffinity(%v) = %v, want an error that names them", wrong, err)
			}
		}
	})
}

func TestSleep(t *testing.T) {
	for _, d := range []time.Duration{math.MinInt64, 0, time.Microsecond, 3 * time.Millisecond} {
		begin := time.Now()
		thread.Sleep(d)
		least := d
		if runtime.GOOS == "windows" {
			least = max(d, 0) - clockTick // the sleep goes by another clock than time.Now
		}
		if took := time.Since(begin); took < least || took > max(d, 0)+20*time.Second {
			t.Errorf("Sleep(%v) took %v", d, took)
		}
	}
	thread.Yield() // returns
}

// TestSleepInBubble shows that Sleep uses the real clock: the clock of the bubble stands still.
func TestSleepInBubble(t *testing.T) {
	if !futex.Supported(futex.Private) {
		t.Skipf("Sleep is time.Sleep on %s", runtime.GOOS)
	}
	d, least := 2*time.Millisecond, 2*time.Millisecond
	if runtime.GOOS == "windows" {
		d, least = 3*clockTick, 2*clockTick // the clock of time.Now stands still for a tick
	}
	outside := time.Now()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		thread.Sleep(d)
		if passed := time.Since(begin); passed != 0 {
			t.Errorf("%v have passed in the bubble", passed)
		}
	})
	if passed := time.Since(outside); passed < least {
		t.Errorf("Sleep(%v) took %v", d, passed)
	}
}
