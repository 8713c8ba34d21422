// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin

package shared

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// noFollow makes it an error to open a symbolic link.
const noFollow = unix.O_NOFOLLOW

// sizeOf returns the size of a file that may hold a region.
func sizeOf(f *os.File) (int64, error) {
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		return 0, fmt.Errorf("%w: not a regular file", ErrForeign)
	} else if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// protect gives the file of a new region its permissions. Another user's file, whose maker was killed before it had
// completed the region, keeps its own. macOS has no fchmod for memory, which gets its permissions when it is made.
func protect(f *os.File, perm fs.FileMode) error {
	if info, err := f.Stat(); err != nil || info.Mode().Perm() == perm {
		return err
	}
	if err := f.Chmod(perm); !errors.Is(err, unix.EPERM) && !errors.Is(err, unix.EINVAL) {
		return err
	}
	return nil
}

// lengthen is allocate for file systems that cannot allocate blocks: it writes zeros.
func lengthen(f *os.File, size int64) error {
	at, err := sizeOf(f)
	if err != nil {
		return err
	}
	zeros := make([]byte, min(1<<20, max(0, size-at)))
	for ; at < size; at += int64(len(zeros)) {
		if _, err := f.WriteAt(zeros[:min(int64(len(zeros)), size-at)], at); err != nil {
			return err
		}
	}
	return nil
}

// explain adds an explanation to an error of the system.
func explain(err error) error {
	for errno, text := range map[unix.Errno]struct {
		is  error
		why string
	}{
		unix.ELOOP:  {ErrForeign, "a symbolic link is not followed: give the name of the file"},
		unix.EISDIR: {ErrForeign, "it is a folder"},
		unix.ENXIO:  {ErrForeign, "not a regular file"},
		unix.ESPIPE: {ErrForeign, "memory that is too short for a region"},
		unix.ENOSPC: {nil, "a region needs all of its space at once: make room, and use OpenOrCreate"},
		unix.EDQUOT: {nil, "a region needs all of its space at once: make room, and use OpenOrCreate"},
		unix.EMFILE: {nil, "an open region needs a file descriptor: close others, or raise the process's limit"},
		unix.ENOMEM: {nil, "no address space or memory: close other regions, or raise the process's limit"},
		unix.EROFS:  {nil, "who uses a region writes to it"},
		unix.ENOLCK: {ErrUnsupported, "the file system has no record locks: use another, or memory"},
	} {
		switch {
		case !errors.Is(err, errno):
		case text.is != nil:
			return fmt.Errorf("%w: %s (%w)", text.is, text.why, err)
		default:
			return fmt.Errorf("%w: %s", err, text.why)
		}
	}
	return err
}
