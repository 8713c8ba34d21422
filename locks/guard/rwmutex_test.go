// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard_test

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/guard"
)

// TestRWMutexRead reads beside a reader, and calls the forms of Read beside a writer.
func TestRWMutexRead(t *testing.T) {
	g := guard.NewRWMutex(7)
	g.Read(func(a int) {
		read := g.TryRead(func(b int) {
			if a != 7 || b != 7 {
				t.Errorf("read %d and %d, want 7", a, b)
			}
		})
		if !read {
			t.Error("a reader excludes another")
		}
		if g.TryWith(func(*int) {}) || g.TryWithFor(time.Microsecond, func(*int) {}) {
			t.Error("a writer is inside beside a reader")
		}
	})
	fail := func(int) { t.Error("a reader is inside beside a writer") }
	ctx, cancel := context.WithTimeoutCause(t.Context(), time.Millisecond, errTime)
	defer cancel()
	g.With(func(*int) {
		if g.TryRead(fail) || g.TryReadFor(-1, fail) || g.TryReadFor(time.Microsecond, fail) {
			t.Error("TryRead or TryReadFor reports that it has read")
		}
		if err := g.ReadContext(ctx, fail); !errors.Is(err, errTime) {
			t.Errorf("ReadContext = %v, want the cause", err)
		}
	})
	if !g.TryReadFor(math.MaxInt64, func(int) {}) || g.ReadContext(t.Context(), func(int) {}) != nil {
		t.Error("Read gave up a free lock")
	}
	locktest.Panics(t, "Read", "f", func() { g.Read(func(int) { panic("f") }) })
	locktest.Panics(t, "TryReadFor", "f", func() { g.TryReadFor(1, func(int) { panic("f") }) })
	locktest.Panics(t, "ReadContext", "f", func() { g.ReadContext(t.Context(), func(int) { panic("f") }) })
	if g.State() != 0 {
		t.Error("a panic has left the lock held")
	}
}

// TestRWMutexTooManyReaders lets one more read than can be counted. The panic of the lock leaves it as it was.
func TestRWMutexTooManyReaders(t *testing.T) {
	g := guard.NewRWMutex(7)
	g.Fill(true)
	before := g.State()
	fail := func(int) { t.Error("one reader too many") }
	for name, read := range map[string]func(){
		"Read":        func() { g.Read(fail) },
		"TryRead":     func() { g.TryRead(fail) },
		"TryReadFor":  func() { g.TryReadFor(time.Second, fail) },
		"ReadContext": func() { g.ReadContext(t.Context(), fail) },
	} {
		locktest.Panics(t, name, "locks: too many readers of RWMutex", read)
		if after := g.State(); after != before {
			t.Errorf("%s: the words were %#x and are %#x", name, before, after)
		}
	}
	g.Fill(false)
}
