// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch

import (
	"reflect"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/locks/internal/names"
	"github.com/osync-go/osync/locks/internal/observe"
	"github.com/osync-go/osync/locks/park"
)

// Name gives a name to a lock: a *locks.Mutex or any other pointer to a lock, to a struct that contains
// one, or to a word of package park. A wait has the name of the smallest named variable that contains
// the word on which the wait sleeps. Name does not keep the lock alive. A later name replaces an
// earlier one, and an empty name removes it.
//
// Locks of one type may share a name, such as the shards of a cache; the statistics of the name are
// then those of all of them. A name remains when its locks are gone, so do not make one for each of
// many locks.
//
// Name takes some microseconds, and may be called at any time by any goroutine. From the first name on, the end of
// each wait takes some ten nanoseconds more, to count it; see [Figures].
func Name[T any](lock *T, name string) {
	names.Set(unsafe.Pointer(lock), unsafe.Sizeof(*lock), reflect.TypeFor[T]().String(), name, newCounters)
	observe.Switch(observe.Names, 0)
}

// nameOf returns the name of the lock of a wait, or nil. In most cases the word is in the lock.
//
//go:norace
func nameOf(w *observe.Wait) *names.Named {
	if n := names.Of(w.Word); n != nil {
		return n
	}
	if d, ok := w.Enqueuer.(park.Describer); ok {
		lock, _ := d.Describe((*atomic.Uint32)(w.Word), w.Tag)
		return namedAt(lock)
	}
	return nil
}

// namedAt returns the name of the lock at a pointer, or nil.
//
//go:norace
func namedAt(lock any) *names.Named {
	if v := reflect.ValueOf(lock); v.Kind() == reflect.Pointer {
		return names.Of(v.UnsafePointer())
	}
	return nil
}
