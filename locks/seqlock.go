// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/internal/spin"
)

// A SeqLock holds a value that is read far more often than it is written. Readers write nothing
// that others read, so they disturb neither each other nor a writer, and a writer does not
// wait for them. A reader that meets a writer reads again.
//
// T must hold no pointers, and so no strings, slices, maps, functions, channels or interfaces:
// a reader could see half of one. The first use of a SeqLock panics if T does, and says where.
// For such types take an [atomic.Pointer] or a [GuardedRW].
//
// The zero value holds the zero value of T. It must not be copied after first use. It is 16
// bytes long, and twice T, in whole words. A value of a few words is what it is for: a write
// costs one atomic swap for each word. The first use of a SeqLock looks at T, and takes longer.
//
// Writers exclude each other by a [Mutex] and are served like its users. Readers come
// second: as long as writers come without a pause, a reader may have to read again. While it does, it
// spins for a few microseconds and then lets other goroutines run; it never sleeps. A
// write holds readers up for no longer than the copy takes, unless the scheduler stops the
// writer in that moment.
//
// In the terms of [the Go memory model], the n'th write, by Store or Update, synchronizes before
// the return of each write after it and of each Load that returns its value or a later one.
//
// [the Go memory model]: https://go.dev/ref/mem
type SeqLock[T any] struct {
	_    noCopy
	seq  atomic.Uint64 // see below
	w    Mutex         // held by the writer
	data seqWords[T]   // read and written one word at a time, by atomics
	next seqWords[T]   // the writer's draft; guarded by w
}

// seq counts the beginnings and the ends of writes.
//
//	seq   data
//	0     the zero value, and T has not been checked for pointers
//	even  one value, whole
//	odd   a writer is storing words
//
// Invariants
//  1. Only the holder of w changes seq, data and next; but the first use, by whomever, checks T and
//     turns 0 into 2. Each use begins with that, so nobody publishes at 0.
//  2. A reader that finds the same even number before and after its copy has one value: a
//     word of another write would have been stored after the odd number, and Go's atomics are
//     seen in one order by all.
//  3. seq never comes back to a number: it would take centuries. 32 bits would be back
//     in a minute, and a reader may be stopped for as long.
//
// The scheme is the sequence lock of Linux (Lameter, Effective synchronization on Linux/NUMA
// systems, 2005). That the copy consists of atomics is the advice of Boehm (Can seqlocks get
// along with programming language memory models?, 2012).

// seqWords is a T that begins at a word, and whose size is a whole number of words.
type seqWords[T any] struct {
	_ [0]uintptr
	v T
}

// Load returns the value.
func (l *SeqLock[T]) Load() T {
	var c seqWords[T]
	for b := (spin.Backoff{}); !l.tryLoad(&c); {
		b.Wait(4)
	}
	return c.v
}

// TryLoad returns the value if no writer is at it now, and reports whether it has. It does not wait
// for a writer that the scheduler has stopped.
func (l *SeqLock[T]) TryLoad() (v T, ok bool) {
	var c seqWords[T]
	if !l.tryLoad(&c) {
		return v, false
	}
	return c.v, true
}

// tryLoad copies the value to c, the caller's own, and reports whether it is whole.
func (l *SeqLock[T]) tryLoad(c *seqWords[T]) bool {
	seq := l.seq.Load() // acquire
	if seq == 0 {
		l.check()
		seq = l.seq.Load() // acquire
	}
	if seq%2 != 0 {
		return false
	}
	loadWords(c, &l.data)
	return l.seq.Load() == seq // by invariant 2
}

// Store replaces the value. It blocks while another writer is there.
func (l *SeqLock[T]) Store(v T) {
	l.check()
	l.w.Lock()
	l.next.v = v
	l.publish()
	l.w.Unlock()
}

// Update lets f change a copy of the value, and then replaces the value by that. It blocks while
// another writer is there, and no writer comes between. Readers do not wait for f. If f panics
// nothing is changed. f must not use l, and must not keep the pointer.
func (l *SeqLock[T]) Update(f func(*T)) {
	l.check()
	l.w.Lock()
	defer l.w.Unlock() // also if f panics
	loadWords(&l.next, &l.data)
	f(&l.next.v)
	l.publish()
}

// check panics if T holds a pointer. It looks once.
func (l *SeqLock[T]) check() {
	if l.seq.Load() == 0 {
		checkPointerFree[T]()
		race.Disable() // it must not order readers
		l.seq.CompareAndSwap(0, 2)
		race.Enable()
	}
}

// publish makes next the value. The caller holds w.
func (l *SeqLock[T]) publish() {
	seq := l.seq.Load()
	l.seq.Store(seq + 1)
	storeWords(&l.data, &l.next)
	l.seq.Store(seq + 2) // release
}

// loadWords copies from, which others may write, to a copy that is the caller's own.
func loadWords[T any](to, from *seqWords[T]) {
	for i := uintptr(0); i < unsafe.Sizeof(*from); i += unsafe.Sizeof(i) {
		*word(to, i) = atomic.LoadUintptr(word(from, i))
	}
}

// storeWords copies from, the caller's own, to a value that others may read.
func storeWords[T any](to, from *seqWords[T]) {
	for i := uintptr(0); i < unsafe.Sizeof(*from); i += unsafe.Sizeof(i) {
		atomic.StoreUintptr(word(to, i), *word(from, i))
	}
}

// word returns the word at an offset, a multiple of its size, into p. It is aligned and inside
// *p, as seqWords says, and *p holds no pointers that the collector would have to know of.
func word[T any](p *seqWords[T], offset uintptr) *uintptr {
	return (*uintptr)(unsafe.Add(unsafe.Pointer(p), offset))
}

// pointerFree has the types that checkPointerFree has let pass.
var pointerFree sync.Map

// checkPointerFree panics if T holds a pointer.
func checkPointerFree[T any]() {
	t := reflect.TypeFor[T]()
	if _, ok := pointerFree.Load(t); ok {
		return
	}
	if name, kind := findPointer(t, t.String()); name != "" {
		panic(fmt.Sprintf("locks: SeqLock of a type with pointers: %s is a %s", name, kind))
	}
	pointerFree.Store(t, nil)
}

// findPointer returns the name and the kind of the first part of t that is or has a pointer, or
// nothing. name is what to call t itself.
func findPointer(t reflect.Type, name string) (string, reflect.Kind) {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if found, kind := findPointer(f.Type, name+"."+f.Name); found != "" {
				return found, kind
			}
		}
	case reflect.Array:
		if t.Len() > 0 {
			return findPointer(t.Elem(), name+"[0]")
		}
	case reflect.Pointer, reflect.UnsafePointer, reflect.String, reflect.Slice, reflect.Map,
		reflect.Func, reflect.Chan, reflect.Interface:
		return name, t.Kind()
	}
	return "", reflect.Invalid
}
