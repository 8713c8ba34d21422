// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !((linux && (386 || amd64 || arm64)) || (freebsd && (amd64 || arm64)))

package pthread

// self returns a number that no other living thread has. Its caller has loaded the library.
func self() uintptr { return threadSelf.call(0, 0, 0, 0) }
