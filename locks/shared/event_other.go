// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package shared

import "sync/atomic"

// orAndWakeAll sets bits, and wakes all sleepers on the word.
func orAndWakeAll(word *atomic.Uint32, bits uint32) {
	word.Or(bits)
	wakeAll(word)
}
