// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"sync/atomic"
	"unsafe"
)

// Waiting returns how many goroutines of the process wait in the crowd of the word at p.
func Waiting[T any](p *T) int {
	crowds.mu.Lock()
	defer crowds.mu.Unlock()
	if c := crowds.of[(*atomic.Uint32)(unsafe.Pointer(p))]; c != nil {
		return c.waiting.Len()
	}
	return 0
}
