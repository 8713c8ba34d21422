// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin_test

import (
	"crypto/rand"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/sys/darwin"
)

// TestShm makes a shared memory object, maps it twice, and removes its name.
func TestShm(t *testing.T) {
	name := "/osync-" + rand.Text()[:20]
	defer unix.Umask(unix.Umask(0o077))
	fd, err := darwin.ShmOpen(name, unix.O_RDWR|unix.O_CREAT|unix.O_EXCL, 0o620)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	defer darwin.ShmUnlink(name)
	for what, call := range map[string]func() error{
		"a name that exists": func() error {
			_, err := darwin.ShmOpen(name, unix.O_RDWR|unix.O_CREAT|unix.O_EXCL, 0o600)
			return is(err, unix.EEXIST)
		},
		"another name": func() error {
			_, err := darwin.ShmOpen(name+"-", unix.O_RDWR, 0)
			return is(err, unix.ENOENT)
		},
		"a long name": func() error {
			_, err := darwin.ShmOpen("/"+strings.Repeat("x", 40), unix.O_RDWR, 0)
			return is(err, unix.ENAMETOOLONG)
		},
		"a zero byte": func() error {
			_, err := darwin.ShmOpen("/a\x00b", unix.O_RDWR, 0)
			return is(err, unix.EINVAL)
		},
		"unlink of another name": func() error { return is(darwin.ShmUnlink(name+"-"), unix.ENOENT) },
	} {
		if err := call(); err != nil {
			t.Errorf("%s: got %v", what, err)
		}
	}
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil || stat.Mode != 0o620 || stat.Size != 0 {
		t.Errorf("mode %o, size %d, %v", stat.Mode, stat.Size, err)
	}
	if err := unix.Fchmod(fd, 0o600); err != unix.EINVAL {
		t.Errorf("fchmod: %v", err)
	}
	if _, err := unix.Mmap(fd, 0, 100, unix.PROT_READ, unix.MAP_SHARED); err != unix.EINVAL {
		t.Errorf("a map of an object without a size: %v", err)
	}
	if err := unix.Ftruncate(fd, 100); err != nil {
		t.Fatal(err)
	}
	if err := unix.Ftruncate(fd, 200_000); err != unix.EINVAL {
		t.Errorf("a second size: %v", err)
	}
	again, err := darwin.ShmOpen(name, unix.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(again)
	var maps [2][]byte
	for i, fd := range []int{fd, again} {
		if maps[i], err = unix.Mmap(fd, 0, 100, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED); err != nil {
			t.Fatal(err)
		}
		defer unix.Munmap(maps[i])
	}
	if maps[0][99] = 7; maps[1][99] != 7 {
		t.Error("two maps of one object differ")
	}
	if err := darwin.ShmUnlink(name); err != nil {
		t.Error(err)
	}
	if _, err := darwin.ShmOpen(name, unix.O_RDWR, 0); err != unix.ENOENT {
		t.Errorf("open after unlink: %v", err)
	}
}

// is returns nil if err is want, and otherwise an error that describes it.
func is(err, want error) error {
	if err == want {
		return nil
	}
	if err == nil {
		return syscall.Errno(0)
	}
	return err
}
