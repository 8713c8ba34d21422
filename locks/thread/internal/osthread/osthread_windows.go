// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"runtime"
	"syscall"

	"github.com/osync-go/osync/sys/windows"
)

// MaxName is the longest name of a thread, in bytes: Windows has no limit of its own.
const MaxName = 1 << 10

// SetName names the calling thread, which it cuts to MaxName bytes.
func SetName(name string) error {
	if len(name) > MaxName {
		name = name[:MaxName]
	}
	wide, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return err
	}
	return windows.SetThreadDescription(windows.CurrentThread, wide)
}

// priorities are those of the levels.
var priorities = [Levels]int32{
	windows.THREAD_PRIORITY_LOWEST,
	windows.THREAD_PRIORITY_BELOW_NORMAL,
	windows.THREAD_PRIORITY_NORMAL,
	windows.THREAD_PRIORITY_ABOVE_NORMAL,
	windows.THREAD_PRIORITY_HIGHEST,
}

// SetPriority sets the priority of the calling thread.
func SetPriority(level int, _ *Realtime) error {
	return windows.SetThreadPriority(windows.CurrentThread, priorities[level])
}

// A State is the system's description of a thread.
type State struct {
	name     string
	priority int32
	group    windows.GroupAffinity
}

// Self returns the state of the calling thread. Fields that the system does not report are zero.
func Self() (s State) {
	s.name, _ = windows.GetThreadDescription(windows.CurrentThread)
	s.priority, _ = windows.GetThreadPriority(windows.CurrentThread)
	s.group, _ = windows.GetThreadGroupAffinity(windows.CurrentThread)
	return s
}

// Yield lets another thread run.
func Yield() {
	if _, err := windows.SwitchToThread(); err != nil {
		runtime.Gosched()
	}
}
