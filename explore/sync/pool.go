// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package sync

import (
	"sync"
	"unsafe"

	"github.com/osync-go/osync/explore/internal/engine"
)

// A Pool holds values that may be used again. In an exploration a goroutine gets what it has itself put
// last, so that a Pool leads to no orders of its own: it takes no step.
type Pool struct {
	p sync.Pool

	// New makes a value when Get finds none.
	New func() any
}

// values returns what t has put into p in this execution.
func (p *Pool) values(t *engine.Thread) *[]any {
	return t.Own(unsafe.Pointer(p), func() any { return new([]any) }).(*[]any)
}

// Put puts x into p.
func (p *Pool) Put(x any) {
	t := engine.Self()
	switch {
	case t == nil:
		p.p.Put(x)
	case x != nil:
		values := p.values(t)
		*values = append(*values, x)
	}
}

// Get takes a value out of p. If there is none, it returns a new one, or nil without New.
func (p *Pool) Get() any {
	if t := engine.Self(); t == nil {
		if x := p.p.Get(); x != nil {
			return x
		}
	} else if values := p.values(t); len(*values) > 0 {
		last := len(*values) - 1
		x := (*values)[last]
		(*values)[last] = nil
		*values = (*values)[:last]
		return x
	}
	if p.New == nil {
		return nil
	}
	return p.New()
}
