// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build unix && !aix && !illumos && !solaris

package main

import (
	"os"
	"syscall"
)

// lockFile returns the file path, which no other process can lock until it is closed, or nil if another process has it.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, err
	}
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		f.Close()
		return nil, nil
	}
	return f, nil
}
