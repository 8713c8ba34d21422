// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package sync

import (
	"sync"
	"unsafe"

	"github.com/osync-go/osync/explore/internal/engine"
)

// A Pool holds values for reuse. In an exploration a goroutine gets the value that it itself put last, so a Pool adds
// no orders to explore: it takes no steps.
type Pool struct {
	p sync.Pool

	// New makes a value when Get finds the Pool empty.
	New func() any
}

// values returns the values that t has put into p in this execution.
func (p *Pool) values(t *engine.Thread) *[]any {
	return t.Own(unsafe.Pointer(p), func() any { return new([]any) }).(*[]any)
}

// Put adds x to p.
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

// Get removes a value from p and returns it. If there is none, it returns the result of New, or nil if New is nil.
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
