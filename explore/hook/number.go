// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package hook

import (
	"unsafe"

	"github.com/osync-go/osync/explore/internal/engine"
)

// Number returns a number for the object at p, for code that would otherwise use its address. Addresses differ between
// executions, whereas objects are numbered in the order of their first use. Outside an exploration the number is made
// from the address.
func Number(p unsafe.Pointer) int {
	if t := engine.Self(); t != nil {
		return t.NumberOf(p)
	}
	return int(uintptr(p) >> 2)
}
