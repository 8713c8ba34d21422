// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"fmt"
	"strings"
	"testing"
)

// The bindings after which the system identifies an object by its address, though only the caller may have a pointer to it:
// a requeue ties other threads to its second word. Each is called with an object of the binding's name. Waits and wakes are
// not among them, since each thread brings its own pointer, and a variable that two goroutines reach is on the heap.
var keepers = []struct{ pkg, object, binding, args string }{
	{"linux", "atomic.Uint32", "FutexRequeue", "from, 1, 1, &FutexRequeue, 0"},
	{"linux", "atomic.Uint32", "FutexCmpRequeue", "from, 1, 1, &FutexCmpRequeue, 0, 0"},
	{"linux", "atomic.Uint32", "FutexWaitRequeuePI", "from, 0, nil, &FutexWaitRequeuePI, 0"},
	{"linux", "atomic.Uint32", "FutexCmpRequeuePI", "from, 1, 1, &FutexCmpRequeuePI, 0, 0"},
	{"linux", "atomic.Uint32", "Futex2Requeue", "&[2]linux.FutexWaiter{{Addr: from}, {Addr: &Futex2Requeue}}, 1, 1, 0"},
	{"linux", "linux.RobustListHead", "SetRobustList", "&SetRobustList, 24"},
	{"linux", "linux.RseqArea", "Rseq", "&Rseq, 32, 0, 0"},
	{"darwin", "darwin.PthreadMutex", "PthreadMutexInit", "&PthreadMutexInit, nil"},
	{"darwin", "darwin.PthreadRwlock", "PthreadRwlockInit", "&PthreadRwlockInit, nil"},
	{"darwin", "darwin.PthreadCond", "PthreadCondInit", "&PthreadCondInit, nil"},
	{"windows", "windows.CriticalSection", "InitializeCriticalSection", "&InitializeCriticalSection"},
	{"windows", "windows.CriticalSection", "InitializeCriticalSectionAndSpinCount", "&InitializeCriticalSectionAndSpinCount, 0"},
	{"windows", "windows.CriticalSection", "InitializeCriticalSectionEx", "&InitializeCriticalSectionEx, 0, 0"},
	{"windows", "windows.SynchronizationBarrier", "InitializeSynchronizationBarrier", "&InitializeSynchronizationBarrier, 1, 0"},
	{"netbsd", "atomic.Uint32", "FutexRequeue", "from, 1, 1, &FutexRequeue, 0"},
	{"netbsd", "atomic.Uint32", "FutexCmpRequeue", "from, 1, 1, &FutexCmpRequeue, 0, 0"},
	{"netbsd", "netbsd.RobustListHead", "FutexSetRobustList", "&FutexSetRobustList, 24"},
	{"openbsd", "atomic.Uint32", "FutexRequeue", "from, 1, 1, &FutexRequeue, 0"},
	{"windows", "windows.InitOnce", "InitOnceExecuteOnce", "&InitOnceExecuteOnce, 0, 0"},
}

// TestKeptObjectsLeaveTheStack reads the compiler's report on functions that call the bindings with a local variable. It
// must be on the heap: a stack moves when it grows, and a wake at the new address finds no thread.
func TestKeptObjectsLeaveTheStack(t *testing.T) {
	for _, goos := range []string{"linux", "darwin", "windows", "netbsd", "openbsd"} {
		t.Run(goos, func(t *testing.T) {
			var code strings.Builder
			fmt.Fprintf(&code, "package user\n\nimport (\n\t\"sync/atomic\"\n\n\t\"%s/sys/%s\"\n)\n\nvar from = new(atomic.Uint32)\n", module, goos)
			for i, k := range keepers {
				if k.pkg == goos {
					fmt.Fprintf(&code, "\nfunc f%d() { var %s %s; %s.%s(%s) }\n", i, k.binding, k.object, k.pkg, k.binding, k.args)
				}
			}
			_, report := goTool(t, []string{"GOOS=" + goos, "GOARCH=amd64", "CGO_ENABLED=0"}, "build", "-gcflags=-m",
				overlay(t, map[string]string{"internal/checks/user/user.go": code.String()}), "./internal/checks/user")
			for _, k := range keepers {
				if k.pkg == goos && !strings.Contains(report, "moved to heap: "+k.binding+"\n") {
					t.Errorf("%s.%s leaves its object on the stack of the caller", k.pkg, k.binding)
				}
			}
		})
	}
}
