// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux || osync_nolinkname || go1.28

package handon

import (
	"sync/atomic"
	"unsafe"
)

// Works reports whether [Futex] hands off the processor in this build.
const Works = false

// Futex exists so that a call that depends on [Works] compiles.
func Futex(uintptr, *atomic.Uint32, uint32, uint32, unsafe.Pointer, uint32) uintptr {
	panic("handon: not in this build")
}
