// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin

package native

// Supported returns nil if the locks of this package work here. If not, its error
// says what is missing, it is an [errors.ErrUnsupported], and the locks panic with it at
// first use. It is nil on Linux, macOS and Windows.
func Supported() error { return nil }
