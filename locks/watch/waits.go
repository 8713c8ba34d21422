// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch

import (
	"cmp"
	"fmt"
	"reflect"
	"runtime/trace"
	"slices"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/locks/internal/names"
	"github.com/osync-go/osync/locks/internal/observe"
	"github.com/osync-go/osync/locks/park"
)

func init() {
	observe.Ended = ended
	observe.Describe = func(w *observe.Wait) string { l, _ := describe(w); return l.String() }
	observe.NameOf = func(lock any) string {
		if n := namedAt(lock); n != nil {
			return n.Name
		}
		return ""
	}
	observe.Tracing, observe.StartRegion = trace.IsEnabled, startRegion
	observe.Switch(observe.Waits, 0)
}

// A Lock is a lock that a goroutine waits for, or a word of package park.
type Lock struct {
	Type string  // such as "locks.Mutex"; "park.Wait" for a word
	Name string  // the name given by [Name], or ""
	Addr uintptr // distinguishes locks
}

// String returns the name, if there is one, with the type and the address.
func (l Lock) String() string {
	if l.Name == "" {
		return fmt.Sprintf("%s %#x", l.Type, l.Addr)
	}
	return fmt.Sprintf("%s (%s %#x)", l.Name, l.Type, l.Addr)
}

// A Wait is a wait of a goroutine, or of a pinned thread, that has gone to sleep.
type Wait struct {
	Lock      Lock
	For       string    // "lock", "read", "3 units", "signal" …
	Since     time.Time // the zero Time if only one of the wait and the caller is in a bubble of testing/synctest
	Goroutine uint64    // its number, as in a stack dump
	Exclusion bool      // it waits for a lock; otherwise for a condition
	Pinned    bool      // it sleeps as a thread, in the kernel
	Limited   bool      // it has a deadline or a context
	Stack     Stack     // of the goroutine, if it was requested and is known; it begins with the method of the lock
}

// Waits returns all current waits, the oldest first. A goroutine that has been woken, or that is about to go
// to sleep, is not waiting.
//
// The waits of each lock are a consistent snapshot. Waits locks one queue after the other, and does not stop
// the program; the queue of a lock with many waiters is locked for about 0.1 µs for each waiter. Waits
// allocates memory for each wait.
func Waits() []Wait {
	var waits []Wait
	now, monoNow := time.Now(), mono.Now()
	observe.Visit(func(w *observe.Wait) {
		waits = append(waits, waitOf(w, now, monoNow))
	})
	slices.SortStableFunc(waits, func(a, b Wait) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Lock.Addr, b.Lock.Addr))
	})
	return waits
}

func waitOf(w *observe.Wait, now time.Time, monoNow int64) Wait {
	l, purpose := describe(w)
	return Wait{
		Lock:      l,
		For:       purpose,
		Since:     since(w.Began, now, monoNow),
		Goroutine: w.Goroutine,
		Exclusion: w.Exclusion,
		Pinned:    w.Pinned,
		Limited:   w.Limited,
	}
}

// since converts a time of package mono to a time.Time.
func since(began int64, now time.Time, monoNow int64) time.Time {
	if began == 0 || (began < 0) != (monoNow < 0) { // unknown, or by the clock of a bubble, as in lasted
		return time.Time{}
	}
	return now.Add(-time.Duration(max(monoNow-began, 0)))
}

// describe returns the lock of a wait, and its purpose.
func describe(w *observe.Wait) (l Lock, purpose string) {
	addr := w.Word
	l.Type, purpose = "park.Wait", "change"
	if d, ok := w.Enqueuer.(park.Describer); ok {
		var lock any
		lock, purpose = d.Describe((*atomic.Uint32)(w.Word), w.Tag)
		if v := reflect.ValueOf(lock); v.Kind() == reflect.Pointer && !v.IsNil() {
			addr, l.Type = v.UnsafePointer(), v.Type().Elem().String()
		}
	} else if w.Enqueuer != nil {
		l.Type, purpose = reflect.TypeOf(w.Enqueuer).String(), "lock"
		if !w.Exclusion {
			purpose = "condition"
		}
	}
	l.Addr = uintptr(addr)
	n := names.Of(w.Word) // in most cases the word is in the lock
	if n == nil {
		n = names.Of(addr)
	}
	if n != nil {
		l.Name, l.Type = n.Name, n.Type
	}
	return l, purpose
}
