// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"debug/elf"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const lockUser = `package main

import (
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/spin"
)

var (
	mu   locks.Mutex
	rw   locks.RWMutex
	once locks.Once
	sl   spin.Lock
)

func main() {
	mu.Lock()
	mu.Unlock()
	if mu.TryLock() {
		mu.Unlock()
	}
	rw.RLock()
	rw.RUnlock()
	once.Do(func() {})
	sl.Lock()
	sl.Unlock()
}
`

// TestStatic checks that a program that uses locks needs no C library: a dynamically
// linked ELF file names an interpreter.
func TestStatic(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "user")
	goTool(t, []string{"GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0"}, "build", "-o", bin,
		overlay(t, map[string]string{"internal/checks/user/main.go": lockUser}), "./internal/checks/user")
	f, err := elf.Open(bin)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("a CGO_ENABLED=0 program that uses locks is dynamically linked")
		}
	}
}

// TestDebugIsLeftOut checks that a program contains nothing of package held without the build tag osync_debug, and that calls of it
// then cost nothing: TestInlining shows the rest.
func TestDebugIsLeftOut(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "user")
	files := overlay(t, map[string]string{"internal/checks/user/main.go": lockUser})
	for _, tags := range []string{"", "osync_debug"} {
		goTool(t, []string{"GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0"}, "build", "-tags="+tags, "-o", bin, files, "./internal/checks/user")
		symbols, _ := goTool(t, nil, "tool", "nm", bin)
		if linked := strings.Contains(symbols, "osync/locks/internal/held."); linked != (tags != "") {
			t.Errorf("with the tag %q package held is part of the program: %v", tags, linked)
		}
		if n := strings.Count(symbols, "osync/locks.note"); n > 0 && tags == "" {
			t.Errorf("%d calls of package held are part of the program", n)
		}
	}
}

// TestSynctestIsLeftOut checks that a program contains nothing of package bubble without the build tag osync_synctest.
func TestSynctestIsLeftOut(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "user")
	files := overlay(t, map[string]string{"internal/checks/user/main.go": lockUser})
	for _, tags := range []string{"", "osync_synctest"} {
		goTool(t, []string{"GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0"}, "build", "-tags="+tags, "-o", bin, files, "./internal/checks/user")
		symbols, _ := goTool(t, nil, "tool", "nm", bin)
		for _, name := range []string{"osync/internal/bubble.", "park.(*Waiter).mustBeReachable"} {
			if linked := strings.Contains(symbols, name); linked != (tags != "") {
				t.Errorf("with the tag %q %s is part of the program: %v", tags, name, linked)
			}
		}
	}
}

// TestInlining reads the compiler's report on a program that uses locks.
func TestInlining(t *testing.T) {
	if raceDetector() {
		t.Skip("atomics are calls under -race")
	}
	switch runtime.GOARCH {
	case "386", "arm", "wasm":
		t.Skipf("atomics are calls on %s", runtime.GOARCH)
	}
	_, report := goTool(t, nil, "build", "-gcflags=-m", "-o", filepath.Join(t.TempDir(), "user"),
		overlay(t, map[string]string{"internal/checks/user/main.go": lockUser}), "./internal/checks/user")
	for _, method := range []string{
		"locks.(*Mutex).Lock", "locks.(*Mutex).TryLock", "locks.(*Mutex).Unlock",
		"locks.(*RWMutex).RLock", "locks.(*RWMutex).RUnlock", "locks.(*Once).Do",
		"spin.(*Lock).Lock", "spin.(*Lock).Unlock",
	} {
		if !strings.Contains(report, "inlining call to "+method) {
			t.Errorf("%s does not inline; go build -gcflags=-m=2 shows what it costs of the budget of 80", method)
		}
	}
}
