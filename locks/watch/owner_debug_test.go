// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package watch_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/osync-go/osync/internal/goid"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

// TestHandlerOwner holds a lock in all ways.
func TestHandlerOwner(t *testing.T) {
	var rw locks.RWMutex
	for name, l := range map[string]locks.Locker{"write": &rw, "read": rw.RLocker()} {
		l.Lock()
		var wg sync.WaitGroup
		wg.Go(func() { rw.Lock(); rw.Unlock() })
		locktest.Eventually(t, "a waiter", func() bool { return len(of(&rw)) == 1 })
		_, me := goid.Self()
		text, _ := get(t, "/", "")
		json, _ := get(t, "/", "application/json")
		if !strings.Contains(text, fmt.Sprintf("; held by goroutine %d\n", me)) || !strings.Contains(json, fmt.Sprintf(`"goroutine": %d`, me)) {
			t.Errorf("held to %s by goroutine %d:\n%s\n%s", name, me, text, json)
		}
		l.Unlock()
		wg.Wait()
	}
}
