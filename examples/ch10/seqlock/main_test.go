// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/programtest"
)

func Test(t *testing.T) { programtest.Run(t, run) }

func TestUpdateDuringLoad(t *testing.T) {
	var l SeqLock
	l.meet = func() { l.Update(func(v *[words]uint64) { *v = [words]uint64{1, 1, 1, 1} }) }
	if v, ok := l.TryLoad(); ok {
		t.Errorf("TryLoad returned %d, though a writer came between", v)
	}
}

func TestLoadDuringUpdate(t *testing.T) {
	var l SeqLock
	l.Update(func(v *[words]uint64) {
		v[0] = 7
		if _, ok := l.TryLoad(); ok {
			t.Error("TryLoad has read while a writer was there")
		}
	})
	if v, ok := l.TryLoad(); !ok || v[0] != 7 {
		t.Errorf("TryLoad returned %d, %t, want 7, true", v[0], ok)
	}
}
