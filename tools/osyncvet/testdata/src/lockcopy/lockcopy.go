// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package lockcopy

import (
	"maps"
	"slices"
	"sort"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/guard"
)

type S struct {
	mu locks.Mutex
	n  int
}

type Box[T any] struct{ v T }

func (b Box[T]) Get() T       { return b.v } // want Get:`copies`
func (b *Box[T]) Value() T    { return b.v } // want Value:`copies`
func (b *Box[T]) Pointer() *T { return &b.v }

func first[T any](s []T) T     { return s[0] }         // want first:`copies`
func second[T any](s []T) T    { return first(s[1:]) } // want second:`copies`
func pointer[T any](s []T) *T  { return &s[0] }
func fresh[T any]() (v T)      { return v }
func boxed[T any](v T) *Box[T] { return &Box[T]{v} }

func wrong(p *S, queue chan S, s []S, m map[string]S, i any, current *atomic.Pointer[S], box *Box[S]) {
	queue <- *p               // want `send copies a lock: lockcopy.S contains locks.Mutex; send a pointer`
	copy(s, s[1:])            // want `copy copies locks`
	s = append(s, s...)       // want `append copies locks`
	_ = slices.Clone(s)       // want `Clone copies a lock`
	_ = maps.Clone(m)         // want `maps.Clone copies a lock`
	sort.Slice(s, nil)        // want `sort.Slice copies locks`
	config := *current.Load() // want `this copies a lock: .*; use the pointer that Load returns`
	_ = &config
	switch v := i.(type) {
	case S: // want `type switch copies a lock`
		_ = &v
	}
	one, two := first(s), second(s) // want `first copies a lock` `second copies a lock`
	_, _ = &one, &two
	got := box.Get() // want `call of box.Get copies a lock, as its receiver is not a pointer`
	_ = &got
	value := box.Value() // want `box.Value copies a lock`
	_ = &value
	var data guard.RWMutex[S]
	data.Read(nil) // want `data.Read copies a lock`
}

func locked() (mu sync.Mutex) {
	mu.Lock() // want `mu is a result of the function, whose return copies the locked lock: sync.Mutex; return a pointer`
	return
}

func right(p *S, queue chan S, pointers []*S, s []S, box *Box[S], current *atomic.Pointer[S]) {
	queue <- S{}
	_ = slices.Clone(pointers)
	_ = append(pointers, pointers...)
	s = append(s, S{})
	_ = pointer(s)
	_ = fresh[S]()
	_ = boxed(S{})
	_ = box.Pointer()
	_ = current.Load()
	_ = slices.Grow([]int(nil), 3)
}
