// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin && !windows && !freebsd && !openbsd && !netbsd && !dragonfly

package pin

// self returns 0, because there is no binding.
func self() uint64 { return 0 }
