// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !386 && !amd64 && !arm64

package spin

import "sync/atomic"

// word is what Pause loads.
var word atomic.Uint32

// Pause passes the time of about n loads. This processor has no hint for spin loops
// that osync uses.
//
//go:noinline
func Pause(n uint32) {
	for ; n > 0; n-- {
		word.Load()
	}
}
