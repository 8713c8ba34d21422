// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/osync-go/osync/examples/internal/program"
)

func TestMain(m *testing.M) {
	if os.Getenv(ofDemo) != "" {
		main()
	}
	os.Exit(m.Run())
}

// locks runs the program, and returns what it printed and its exit status.
func locks(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(args, &out, &errs)
	t.Logf("locks %s: status %d\n%s%s", strings.Join(args, " "), status, &out, &errs)
	if status == program.Unsupported {
		t.Skip("not on this system")
	}
	return out.String(), errs.String(), status
}

func TestDemo(t *testing.T) {
	out, _, status := locks(t)
	for _, want := range []string{"process ", "held for at least ", "left by a process that died", "repaired: ", "well: "} {
		if status != 0 || !strings.Contains(out, want) {
			t.Errorf("status %d, and no %q", status, want)
		}
	}
}

func TestCommands(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "c")
	for _, c := range []struct {
		args   string
		status int
		out    string // a part of it, or of what it prints as an error
	}{
		{"create a b", 0, ""},
		{"create a", 1, `there is a container "a"`},
		{"create ../a", 1, "no name for a container"},
		{"start -for 1ms a", 0, ""},
		{"list", 0, "3 of 8 locks are allocated"},
		{"create c d e f g h", 0, ""}, // more than it has
		{"list", 0, "9 of 16 locks are allocated"},
		{"remove a", 0, ""},
		{"start a", 1, `there is no container "a"`},
		{"prune", 0, ""},
		{"list", 0, "8 of 16 locks are allocated"},
		{"prune a", 2, "usage"},
		{"create", 2, "usage"},
		{"paint a", 2, "usage"},
		{"", 2, "usage"},
	} {
		out, errs, status := locks(t, append([]string{"-dir", dir}, strings.Fields(c.args)...)...)
		if status != c.status || !strings.Contains(out+errs, c.out) {
			t.Errorf("%s: status %d, want %d and %q", c.args, status, c.status, c.out)
		}
	}
	if _, errs, status := locks(t, "list"); status != 2 || errs == "" {
		t.Errorf("without a folder: status %d", status)
	}
	if out, _, status := locks(t, "-h"); status != 0 || !strings.HasPrefix(out, "Locks is ") {
		t.Errorf("-h: status %d", status)
	}
}
