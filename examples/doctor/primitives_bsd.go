// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd || dragonfly || netbsd || openbsd

package main

import "golang.org/x/sys/unix"

// systemVersion returns the name and version of the system, or "" if it is not known.
func systemVersion() string {
	if release, err := unix.Sysctl("kern.osrelease"); err == nil {
		return systemName + " " + release
	}
	return ""
}
