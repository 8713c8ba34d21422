// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard

import (
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks"
)

// A SeqLock holds a value that is read far more often than it is written. Readers write nothing
// that others read, so they disturb neither each other nor a writer, and a writer does not wait for
// them. A reader that overlaps with a writer reads again.
//
// T must hold no pointers, and so no strings, slices, maps, functions, channels or interfaces: a
// reader could see half of one. The first use of a SeqLock panics if T holds pointers, with a
// message that says where. For such types use an [atomic.Pointer] or an [RWMutex].
//
// The zero value holds the zero value of T. It must not be copied after first use. It takes 16
// bytes and twice the size of T, in whole words. It is meant for values of a few words: a write
// costs one atomic swap for each word. The first use of a SeqLock checks T, and takes longer.
//
// Writers exclude each other with a [locks.Mutex] and are served as its users are. Writers have
// priority over readers: while writes follow each other without a pause, a reader may have to read
// repeatedly. It spins for a few microseconds and then lets other goroutines run; it never sleeps.
// A write delays readers for no longer than the copy takes, unless the writer is preempted at that
// moment.
//
// In the terms of [the Go memory model], the n'th write, by Store or Update, synchronizes before
// the return of each write after it and of each Load that returns its value or a later one.
//
// [the Go memory model]: https://go.dev/ref/mem
type SeqLock[T any] struct {
	_     noCopy
	seq   atomic.Uint64 // see below
	w     locks.Mutex   // held by the writer
	data  seqWords[T]   // read and written one word at a time, by atomics
	draft seqWords[T]   // the writer's next value; guarded by w
}

// seq counts the beginnings and the ends of writes.
//
//	seq   data
//	0     the zero value, and T has not been checked for pointers
//	even  one value, whole
//	odd   a writer is storing words
//
// Invariants
//  1. Only the holder of w changes seq, data and draft. The exception is the first use, of any kind,
//     which checks T and changes 0 to 2. Each use begins with that step, so no writer publishes at
//     0.
//  2. A reader that finds the same even number before and after its copy has one value: a
//     word of another write would have been stored after the odd number, and all goroutines see
//     Go's atomics in one order.
//  3. seq does not repeat: that would take centuries. With 32 bits it would repeat in a minute, and
//     a reader may be preempted for that long.
//
// The scheme is the sequence lock of Linux (Lameter, Effective synchronization on Linux/NUMA
// systems, 2005). Copying with atomics follows the advice of Boehm (Can seqlocks get along with
// programming language memory models?, 2012).

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

// TryLoad returns the value, unless a writer is storing one, and reports whether it succeeded. It
// does not wait for a writer that is preempted.
func (l *SeqLock[T]) TryLoad() (v T, ok bool) {
	var c seqWords[T]
	if !l.tryLoad(&c) {
		return v, false
	}
	return c.v, true
}

// tryLoad copies the value to c, which no other goroutine uses, and reports whether the copy is whole.
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

// Store replaces the value. It blocks while another goroutine writes.
func (l *SeqLock[T]) Store(v T) {
	l.check()
	l.w.Lock()
	l.draft.v = v
	l.publish()
	l.w.Unlock()
}

// Update calls f to change a copy of the value, and then replaces the value by the copy. It blocks while
// another goroutine writes, and no other writer gets in between. Readers do not wait for f. If f panics,
// the value does not change.
func (l *SeqLock[T]) Update(f func(*T)) {
	l.check()
	l.w.Lock()
	defer l.w.Unlock() // also if f panics
	loadWords(&l.draft, &l.data)
	f(&l.draft.v)
	l.publish()
}

// check panics if T holds a pointer. Only the first use of l examines T.
func (l *SeqLock[T]) check() {
	if l.seq.Load() == 0 {
		checkPointerFree[T]()
		race.Disable() // the check must not order readers
		l.seq.CompareAndSwap(0, 2)
		race.Enable()
	}
}

// publish stores the draft as the value. The caller holds w.
func (l *SeqLock[T]) publish() {
	seq := l.seq.Load()
	l.seq.Store(seq + 1)
	storeWords(&l.data, &l.draft)
	l.seq.Store(seq + 2) // release
}

// loadWords copies *from, which other goroutines may write meanwhile, to *to, which they do not use.
func loadWords[T any](to, from *seqWords[T]) {
	for i := uintptr(0); i < unsafe.Sizeof(*from); i += unsafe.Sizeof(i) {
		*word(to, i) = atomic.LoadUintptr(word(from, i))
	}
}

// storeWords copies *from, which other goroutines do not use, to *to, which they may read meanwhile.
func storeWords[T any](to, from *seqWords[T]) {
	for i := uintptr(0); i < unsafe.Sizeof(*from); i += unsafe.Sizeof(i) {
		atomic.StoreUintptr(word(to, i), *word(from, i))
	}
}

// word returns the word at an offset into *p, a multiple of the size of a word. It is aligned and inside
// *p, as seqWords says, and *p holds no pointers that the garbage collector would need to know.
func word[T any](p *seqWords[T], offset uintptr) *uintptr {
	return (*uintptr)(unsafe.Add(unsafe.Pointer(p), offset))
}

// pointerFree holds the types that have passed checkPointerFree.
var pointerFree sync.Map

// checkPointerFree panics if T holds a pointer.
func checkPointerFree[T any]() {
	t := reflect.TypeFor[T]()
	if _, ok := pointerFree.Load(t); ok {
		return
	}
	if name, kind := findPointer(t, t.String()); name != "" {
		panic(fmt.Sprintf("guard: SeqLock of a type with pointers: %s is a %s", name, kind))
	}
	pointerFree.Store(t, nil)
}

// findPointer returns the name and the kind of the first part of t that is or has a pointer, or "" if there
// is none. name is the name of t itself.
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
