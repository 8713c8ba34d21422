// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package shared

import (
	"sync/atomic"
	"testing"
	"time"
)

// TestCrowdLate has a waiter come that has seen an older value than the lookout: nothing would release it later.
func TestCrowdLate(t *testing.T) {
	r, err := Anonymous(SizeFor[atomic.Uint32]())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	word, err := Map[atomic.Uint32](r)
	if err != nil {
		t.Fatal(err)
	}
	word.Store(2)
	first, late := gather(word, 2, anyChange), gather(word, 1, anyChange)
	if err := late.wait(limit{deadline: time.Now().Add(time.Minute)}); err != nil {
		t.Error(err)
	}
	if !first.leave() {
		t.Error("the first waiter was released, and the word has not changed")
	}
}
