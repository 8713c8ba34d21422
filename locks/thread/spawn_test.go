// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/osync-go/osync/locks/internal/pin"
	"github.com/osync-go/osync/locks/thread"
)

func TestJoin(t *testing.T) {
	tests := []struct {
		name string
		f    func() error
		want error
	}{
		{"nil", func() error { return nil }, nil},
		{"error", func() error { return io.EOF }, io.EOF},
		{"panic with an error", func() error { panic(io.EOF) }, io.EOF},
		{"Goexit", func() error { runtime.Goexit(); return nil }, thread.ErrExited},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := thread.Spawn(tt.f)
			for range 2 {
				if err := h.Join(); !errors.Is(err, tt.want) {
					t.Errorf("Join() = %v, want %v", err, tt.want)
				}
			}
		})
	}
}

func TestJoinPanic(t *testing.T) {
	err := thread.Spawn(func() error { panic("snow") }).Join()
	p, ok := errors.AsType[*thread.PanicError](err)
	if !ok {
		t.Fatalf("Join() = %T, want a PanicError", err)
	}
	if p.Value != "snow" || !strings.Contains(string(p.Stack), "TestJoinPanic") {
		t.Errorf("PanicError has value %v and a stack without the function:\n%s", p.Value, p.Stack)
	}
	if errors.Unwrap(err) != nil {
		t.Errorf("a string unwraps to %v", errors.Unwrap(err))
	}
}

func TestPinned(t *testing.T) {
	before := pin.Count()
	if thread.Pinned() {
		t.Fatal("an ordinary goroutine is said to be pinned")
	}
	thread.Pin()
	thread.Pin()
	thread.Unpin()
	if !thread.Pinned() {
		t.Error("not pinned after Pin, Pin, Unpin")
	}
	thread.Unpin()
	if thread.Pinned() {
		t.Error("pinned after as many calls of Unpin as of Pin")
	}
	var inside bool
	thread.Spawn(func() error { inside = thread.Pinned(); return nil }).Join()
	if !inside {
		t.Error("a spawned goroutine is not pinned")
	}
	if n := pin.Count(); n > before { // one of a dead goroutine may have gone
		t.Errorf("%d threads are pinned at the end, %d at the start", n, before)
	}
}

func TestUnpinPanics(t *testing.T) {
	defer func() {
		if p := recover(); p != "thread: Unpin by a goroutine that is not pinned" {
			t.Errorf("Unpin without Pin panicked with %v", p)
		}
	}()
	thread.Unpin()
}
