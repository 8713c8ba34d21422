// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/locks/shared"
)

// TestPerm makes regions under a umask that would take away most permissions.
func TestPerm(t *testing.T) {
	defer unix.Umask(unix.Umask(0o077))
	for _, c := range []struct{ perm, want fs.FileMode }{{0, 0o600}, {0o660, 0o660}, {0o606, 0o606}} {
		name := filepath.Join(t.TempDir(), "region")
		o := shared.Options{Perm: c.perm}
		r, err := o.OpenOrCreate(name, 8)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		again, err := shared.OpenOrCreate(name, 8)
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != c.want {
			t.Errorf("a region with Perm %v: %v, %v", c.perm, info.Mode(), err)
		}
	}
}
