// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/thread"
)

func TestCurrent(t *testing.T) {
	if thread.Current() != nil {
		t.Error("an ordinary goroutine has a Thread")
	}
	var inside *thread.Thread
	var id uint64
	h := thread.Spawn(func() error {
		inside, id = thread.Current(), thread.ID()
		return nil
	})
	h.Join()
	if inside == nil || inside != h.Thread() || inside.ID() != id {
		t.Errorf("Current() = %v with id %d, want %v with id %d", inside, inside.ID(), h.Thread(), id)
	}
	for name, f := range map[string]func(){
		"Park":        thread.Park,
		"ParkFor":     func() { thread.ParkFor(0) },
		"ParkContext": func() { thread.ParkContext(t.Context()) },
		"SetName":     func() { thread.SetName("x") },
		"SetPriority": func() { thread.SetPriority(thread.Normal) },
		"SetAffinity": func() { thread.SetAffinity(0) },
		"Affinity":    func() { thread.Affinity() },
		"Discard":     thread.Discard,
	} {
		locktest.Panics(t, name, "thread: "+name+" by a goroutine that is not pinned", f)
	}
}
