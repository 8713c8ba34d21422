// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/osync-go/osync/internal/handon"
)

// TestHandingOnStaysBare reads the compiler's output for the function that sleeps without a processor.
// Anything that a build flag adds between the runtime's two calls would run without one, and crash: see
// internal/handon.
func TestHandingOnStaysBare(t *testing.T) {
	if !handon.Works {
		t.Skip("built without a way to hand the processor on")
	}
	const function = module + "/internal/handon.Futex"
	want := []string{"runtime.entersyscallblock", "syscall.RawSyscall6", "runtime.exitsyscall"}
	call := regexp.MustCompile(`\bCALL\t([^\s(]+)\(SB\)`)
	for _, flags := range [][]string{
		{"-race", "-cover", "-covermode=atomic", "-coverpkg=./...", "-gcflags=-S"},
		{"-asan", "-gcflags=-S"},
		{"-gcflags=-S -N -l"},
		{"-gcflags=-S -d=checkptr=2"},
		{"-gcflags=-S -d=libfuzzer"},
	} {
		t.Run(strings.Join(flags, " "), func(t *testing.T) {
			args := append([]string{"build"}, flags...)
			_, listing, err := tryGoTool(t, []string{"GOARCH=amd64"}, append(args, "./internal/handon")...)
			if err != nil {
				if strings.Contains(listing, "requires cgo") || strings.Contains(listing, "C compiler") {
					t.Skipf("cannot be built here: %s", listing)
				}
				t.Fatalf("%v\n%s", err, listing)
			}
			_, body, found := strings.Cut(listing, "\n"+function+" STEXT")
			if !found {
				t.Fatalf("the compiler prints no %s", function)
			}
			body, _, _ = strings.Cut(body, " STEXT")
			var calls []string
			for _, m := range call.FindAllStringSubmatch(body, -1) {
				calls = append(calls, m[1])
			}
			first, last := slices.Index(calls, want[0]), slices.Index(calls, want[2])
			if first < 0 || last < first || !slices.Equal(calls[first:last+1], want) {
				t.Errorf("%s calls %q, want %q without another between them", function, calls, want)
			}
		})
	}
}
