// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"testing"

	"github.com/osync-go/osync/internal/locktest"
)

// TestLinesOfALock derives from what they write which words an operation that need not wait makes its own: that of
// the lock and that of the owner, which has 16 bytes before it at most.
func TestLinesOfALock(t *testing.T) {
	if err := Supported(); err != nil {
		t.Skip(err)
	}
	m := new(Mutex)
	got := locktest.Written(m, m.Lock)
	m.Unlock()
	for _, word := range got {
		if word > 2 {
			t.Errorf("Mutex.Lock writes the words %v of 8 bytes, want some of the first three", got)
		}
	}
}
