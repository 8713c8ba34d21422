// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package gate

import "testing"

func TestGate(t *testing.T) {
	g := new(Gate)
	if g.IsOpen() {
		t.Fatal("a new gate is open")
	}
	if !g.Open() {
		t.Fatal("a new gate does not open")
	}
	if !g.IsOpen() {
		t.Fatal("an opened gate is closed")
	}
	g.Await()
}
