// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

func TestMisuse(t *testing.T) {
	var c2 locks.Cond
	{
		c := locks.NewCond(new(locks.Mutex))
		c.Signal()
		copyCond(&c2, c)
	}
	for _, tt := range []struct {
		name, text string
		f          func()
	}{
		{"Unlock", "locks: unlock of unlocked mutex", func() { new(locks.Mutex).Unlock() }},
		{"second Unlock", "locks: unlock of unlocked mutex", func() {
			var m locks.Mutex
			m.Lock()
			m.Unlock()
			m.Unlock()
		}},
		{"RUnlock", "locks: RUnlock of unlocked RWMutex", func() { new(locks.RWMutex).RUnlock() }},
		{"RUnlock of a writer", "locks: RUnlock of unlocked RWMutex", func() {
			var rw locks.RWMutex
			rw.Lock()
			rw.RUnlock()
		}},
		{"Unlock of a RWMutex", "locks: Unlock of unlocked RWMutex", func() { new(locks.RWMutex).Unlock() }},
		{"Unlock of a reader", "locks: Unlock of unlocked RWMutex", func() {
			var rw locks.RWMutex
			rw.RLock()
			rw.Unlock()
		}},
		{"Done too often", "locks: negative WaitGroup counter", func() { new(locks.WaitGroup).Done() }},
		{"Signal of a copy", "locks: Cond is copied", c2.Signal},
		{"Broadcast of a copy", "locks: Cond is copied", c2.Broadcast},
		{"Wait of a copy", "locks: Cond is copied", func() { c2.L.Lock(); c2.Wait() }},
	} {
		locktest.Panics(t, tt.name, tt.text, tt.f)
	}
}

// copyCond copies what go vet would not let us copy.
func copyCond(to, from *locks.Cond) {
	type plain struct {
		l    locks.Locker
		rest [2]uint32
	}
	*(*plain)(unsafe.Pointer(to)) = *(*plain)(unsafe.Pointer(from)) // of the same layout
}

func TestNilContext(t *testing.T) {
	var m locks.Mutex
	var rw locks.RWMutex
	var wg locks.WaitGroup
	c := locks.NewCond(&m)
	var none context.Context
	for name, f := range map[string]func(){
		"Mutex.LockContext":     func() { m.LockContext(none) },
		"RWMutex.LockContext":   func() { rw.LockContext(none) },
		"RWMutex.RLockContext":  func() { rw.RLockContext(none) },
		"WaitGroup.WaitContext": func() { wg.WaitContext(none) },
		"Cond.WaitContext":      func() { c.WaitContext(none) },
	} {
		locktest.Panics(t, name, "locks: nil context", f)
	}
	if locks.Word(&m) != 0 || locks.Word(&rw) != 0 {
		t.Error("a call with a nil context has changed the lock")
	}
}

// TestEndedContext shows that a context that has ended is told even if the lock is free.
func TestEndedContext(t *testing.T) {
	var m locks.Mutex
	var rw locks.RWMutex
	var wg locks.WaitGroup
	c := locks.NewCond(&m)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, err := range map[string]error{
		"Mutex.LockContext":     m.LockContext(ctx),
		"RWMutex.LockContext":   rw.LockContext(ctx),
		"RWMutex.RLockContext":  rw.RLockContext(ctx),
		"WaitGroup.WaitContext": wg.WaitContext(ctx),
	} {
		if err != context.Canceled {
			t.Errorf("%s = %v, want %v", name, err, context.Canceled)
		}
	}
	m.Lock()
	if err := c.WaitContext(ctx); err != context.Canceled {
		t.Errorf("Cond.WaitContext = %v, want %v", err, context.Canceled)
	}
	if locks.Word(c) != 0 {
		t.Error("the Cond has waiters at the end")
	}
	m.Unlock()
	if locks.Word(&m) != 0 || locks.Word(&rw) != 0 {
		t.Error("a call with a context that has ended has changed the lock")
	}
}
