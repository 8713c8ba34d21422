// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"errors"
	"runtime"
	"testing"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/locks/thread/internal/osthread"
)

// TestUnchangedThreadGoesBack spawns more functions than the program has threads: some must run on
// the same one.
func TestUnchangedThreadGoesBack(t *testing.T) {
	switch {
	case thread.ID() == 0:
		t.Skipf("%s has no binding", runtime.GOOS)
	case runtime.GOOS == "windows":
		t.Skip("Windows gives the id of a thread that has ended to the next one at once")
	}
	for name, f := range map[string]func() error{
		"returns": func() error { return nil },
		"panics":  func() error { panic("snow") },
		"asks":    func() error { _, err := thread.Affinity(); return err },
		"pins":    func() error { thread.Pin(); thread.Unpin(); return nil },
	} {
		const n = 200
		ids := map[uint64]bool{}
		for range n {
			h := thread.Spawn(f)
			ids[h.Thread().ID()] = true
			h.Join()
		}
		if len(ids) > n/2 {
			t.Errorf("a function that %s: %d of %d had a thread of their own", name, len(ids), n)
		}
	}
}

// TestNobodyInheritsChanges lets spawned functions change their threads behind the package's back: no
// other goroutine may run on such a thread.
func TestNobodyInheritsChanges(t *testing.T) {
	for name, change := range changes() {
		t.Run(name, func(t *testing.T) {
			var before, changed osthread.State
			err := thread.Spawn(func() error {
				before = osthread.Self()
				err := change()
				changed = osthread.Self()
				return err
			}).Join()
			if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, errDenied) {
				t.Skipf("not possible here: %v", err)
			}
			if err != nil {
				t.Fatal(err)
			}
			if changed == before {
				t.Fatal("the change is not seen")
			}
			for range 200 {
				err := thread.Spawn(func() error {
					if osthread.Self() == changed {
						return errors.New("a new function runs on a thread that another one has changed")
					}
					return nil
				}).Join()
				if err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
