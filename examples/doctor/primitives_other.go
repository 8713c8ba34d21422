// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin && !windows && !freebsd && !dragonfly && !openbsd && !netbsd

package main

// systemVersion returns the name and version of the system, or "" if it is not known.
func systemVersion() string { return "" }

// primitives returns none: nobody has listed those of this system yet. What osync itself
// makes of the system stands in the table of locks.
func primitives() []primitive { return nil }
