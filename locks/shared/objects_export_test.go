// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import "sync/atomic"

// Waiting returns how many goroutines of the process wait in the crowd of a word.
func Waiting(word *atomic.Uint32) int {
	crowds.mu.Lock()
	defer crowds.mu.Unlock()
	if c := crowds.of[word]; c != nil {
		return c.waiting.Len()
	}
	return 0
}
