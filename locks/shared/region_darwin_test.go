// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/sys/darwin"
)

// TestMemoryPerm makes regions in memory: a new object, and one that a process has left that was killed at once.
func TestMemoryPerm(t *testing.T) {
	defer unix.Umask(unix.Umask(0o077))
	for what, test := range map[string]struct {
		left bool
		want fs.FileMode
	}{"new": {false, 0o660}, "left": {true, 0o600}} {
		name := "osync-" + rand.Text()[:20]
		o := Options{Memory: true, Perm: 0o660}
		defer o.Unlink(name)
		if test.left {
			fd, err := darwin.ShmOpen("/"+name, unix.O_RDWR|unix.O_CREAT|unix.O_EXCL, 0o600)
			if err != nil {
				t.Fatal(err)
			}
			defer unix.Close(fd)
		}
		r, err := o.OpenOrCreate(name, 8)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		defer r.Close()
		if info, err := r.file.Stat(); err != nil || info.Mode() != test.want {
			t.Errorf("%s: the mode is %v, %v, want %v", what, info.Mode(), err, test.want)
		}
	}
}

// TestShortMemory opens memory that is no region.
func TestShortMemory(t *testing.T) {
	name := "osync-" + rand.Text()[:20]
	fd, err := darwin.ShmOpen("/"+name, unix.O_RDWR|unix.O_CREAT|unix.O_EXCL, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(fd), name)
	defer f.Close()
	o := Options{Memory: true}
	defer o.Unlink(name)
	if err := f.Truncate(1); err != nil {
		t.Fatal(err)
	}
	if r, err := o.OpenOrCreate(name, 8); !errors.Is(err, ErrForeign) {
		t.Errorf("memory of one page: %v, %v, want %v", r, err, ErrForeign)
	}
	if err := begin(f, dataAt); !errors.Is(err, ErrIncomplete) {
		t.Errorf("memory that gets its size from another process: %v, want %v", err, ErrIncomplete)
	}
}

// TestBeginFull checks that a file whose header cannot be written, as on a full disk, does not get a size without blocks.
func TestBeginFull(t *testing.T) {
	f, err := os.OpenFile(filepath.Join(t.TempDir(), "region"), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600) // which WriteAt refuses
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := begin(f, dataAt+8); err == nil {
		t.Error("begin of a file that cannot be written succeeds")
	}
	if n, err := sizeOf(f); n != 0 || err != nil {
		t.Errorf("the file has %d bytes, %v", n, err)
	}
}
