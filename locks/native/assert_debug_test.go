// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package native_test

import (
	"fmt"
	"testing"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/native"
	"github.com/osync-go/osync/locks/watch"
)

func TestAssertHeld(t *testing.T) {
	if err := native.Supported(); err != nil {
		t.Skip(err)
	}
	var found []watch.Mistake
	defer watch.OnMistake(func(m watch.Mistake) { found = append(found, m) })()
	for _, l := range []interface {
		locks.Locker
		AssertHeld()
	}{new(native.Mutex), new(native.RWMutex)} {
		found = nil
		l.Lock()
		l.AssertHeld()
		l.Unlock()
		if found != nil {
			t.Errorf("%T, held: %v", l, found)
		}
		if l.AssertHeld(); len(found) != 1 || found[0].Kind != watch.NotHeld || "*"+found[0].Locks[0].Type != fmt.Sprintf("%T", l) {
			t.Errorf("%T, free: %v", l, found)
		}
	}
}
