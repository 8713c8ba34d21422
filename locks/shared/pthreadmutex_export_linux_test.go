// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"sync/atomic"
	"unsafe"
)

// PthreadLayout returns the size and the alignment of a PthreadMutex, and the places of the fields lock, count, owner, nusers and
// kind.
func PthreadLayout() []any {
	var m PthreadMutex
	at := func(p unsafe.Pointer) uintptr { return uintptr(p) - uintptr(unsafe.Pointer(&m)) }
	return []any{
		unsafe.Sizeof(m), unsafe.Alignof(m), unsafe.Offsetof(m.owned), unsafe.Offsetof(m.count), unsafe.Offsetof(m.holder),
		at(unsafe.Pointer(m.nusers())), at(unsafe.Pointer(m.kind())),
	}
}

// PthreadUsers returns the number of users of m, as C counts them.
func PthreadUsers(m *PthreadMutex) uint32 { return m.nusers().Load() }

// Pend makes the calling goroutine wait for the word, forever, as for the kernel.
func Pend(word *atomic.Uint32) { new(pending).begin(word) }
