// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package hook

import (
	"sync"
	"unsafe"

	"github.com/osync-go/osync/explore/internal/engine"
	"github.com/osync-go/osync/internal/goid"
)

// A local is a goroutine-local value.
type local struct {
	goroutine uint64
	p         unsafe.Pointer
}

var locals sync.Map // from local to *any, outside explorations

// Local returns the location of the calling goroutine's own value for the object at p. It is not a step.
func Local(p unsafe.Pointer) *any {
	if t := engine.Self(); t != nil {
		return t.Own(p, func() any { return new(any) }).(*any)
	}
	_, id := goid.Self()
	v, _ := locals.LoadOrStore(local{id, p}, new(any))
	return v.(*any)
}

// Goroutine returns the number of the calling goroutine, which must be explored: 0 for the first, 1 for the next.
func Goroutine() int { return engine.Self().Number() }
