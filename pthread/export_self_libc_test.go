// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !((linux && (386 || amd64 || arm64)) || (freebsd && (amd64 || arm64)))

package pthread

// Numbered returns how many threads the package remembers: none, since the C library does.
func Numbered() int { return 0 }
