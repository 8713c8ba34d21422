// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard

import (
	"testing"

	"github.com/osync-go/osync/internal/locktest"
)

// TestLinesOfALock derives from what they write how many words an operation that need not wait leaves changed: those
// of the value, and of a SeqLock the sequence and the writer's draft. A Load of a SeqLock writes none.
func TestLinesOfALock(t *testing.T) {
	m, rw, seq := NewMutex(0), NewRWMutex(0), new(SeqLock[int])
	for _, tt := range []struct {
		name string
		got  []int
		want int
	}{
		{"Mutex.With", locktest.Written(m, func() { m.With(func(v *int) { *v++ }) }), 1},
		{"RWMutex.With", locktest.Written(rw, func() { rw.With(func(v *int) { *v++ }) }), 1},
		{"SeqLock.Store", locktest.Written(seq, func() { seq.Store(1) }), 3},
		{"SeqLock.Load", locktest.Written(seq, func() { seq.Load() }), 0},
	} {
		if len(tt.got) != tt.want {
			t.Errorf("%s changes the words %v of 8 bytes, want %d of them", tt.name, tt.got, tt.want)
		}
	}
}
