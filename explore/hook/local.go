// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package hook

import (
	"sync"
	"unsafe"

	"github.com/osync-go/osync/explore/internal/engine"
	"github.com/osync-go/osync/internal/goid"
)

// A local is a value that each goroutine has of its own.
type local struct {
	goroutine uint64
	p         unsafe.Pointer
}

var locals sync.Map // from local to *any, outside of explorations

// Local returns where the calling goroutine keeps a value of its own for the object at p. It is no step.
func Local(p unsafe.Pointer) *any {
	if t := engine.Self(); t != nil {
		return t.Own(p, func() any { return new(any) }).(*any)
	}
	_, id := goid.Self()
	v, _ := locals.LoadOrStore(local{id, p}, new(any))
	return v.(*any)
}

// Goroutine returns the number of the calling goroutine, which is explored: 0 for the first, 1 for the next.
func Goroutine() int { return engine.Self().Number() }
