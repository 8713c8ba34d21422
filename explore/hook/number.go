// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package hook

import (
	"unsafe"

	"github.com/osync-go/osync/explore/internal/engine"
)

// Number returns a number for the object at p, for code that would use its address: addresses differ
// between executions, the number is that of the object's first use. Outside of an exploration it is made of
// the address.
func Number(p unsafe.Pointer) int {
	if t := engine.Self(); t != nil {
		return t.NumberOf(p)
	}
	return int(uintptr(p) >> 2)
}
