// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"reflect"
	"sync/atomic"
	"unsafe"
)

// exploreRegions are what one execution after the other uses in a stress test, by type: what a process knows of a lock beside the
// region stays, and is another thing for each type.
var exploreRegions = map[reflect.Type]*Region{}

// ExploreMemory returns a T in a region, all zeros, or nil if the system has no regions. In an exploration it is replaced; see
// testdata/explore.
func ExploreMemory[T any]() *T {
	typ := reflect.TypeFor[T]()
	r := exploreRegions[typ]
	if r == nil {
		var err error
		if r, err = Anonymous(SizeFor[T]()); err != nil {
			return nil
		}
		exploreRegions[typ] = r
	}
	clear(r.Data())
	return (*T)(unsafe.Pointer(&r.Data()[0]))
}

// Bury is the kernel's part in a death, which explorations have.
func Bury(n int, words ...*atomic.Uint32) { panic("only in explorations") }

// ExploreRegion returns the region of a process, which explorations close.
func ExploreRegion(users, closer int, protect func()) *Region { panic("only in explorations") }

// Word returns the robust word.
func (m *Mutex) Word() *atomic.Uint32 { return &m.word }

// Word returns the robust word.
func (o *Once) Word() *atomic.Uint32 { return &o.m.word }

// Words returns all robust words.
func (s *Semaphore) Words() []*atomic.Uint32 { return append(words(s.shares[:]), &s.m.word) }

// Words returns all robust words.
func (b *Barrier) Words() []*atomic.Uint32 { return append(words(b.shares[:]), &b.m.word) }

func words(shares []share) (words []*atomic.Uint32) {
	for i := range shares {
		words = append(words, &shares[i].word)
	}
	return words
}

// Words returns all robust words.
func (rw *RWMutex) Words() []*atomic.Uint32 {
	words := []*atomic.Uint32{&rw.w.word}
	for i := range rw.entries {
		words = append(words, &rw.entries[i].word)
	}
	return words
}
