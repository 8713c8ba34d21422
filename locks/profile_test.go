// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"bytes"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/locks"
)

// TestProfiles shows that a wait for a lock appears in the profiles of contention.
func TestProfiles(t *testing.T) {
	defer runtime.SetMutexProfileFraction(runtime.SetMutexProfileFraction(1))
	runtime.SetBlockProfileRate(1)
	defer runtime.SetBlockProfileRate(0)
	var m locks.Mutex
	m.Lock()
	done := make(chan struct{})
	go func() {
		m.Lock()
		m.Unlock()
		close(done)
	}()
	eventually(t, "a waiter", func() bool { return locks.Waiting(&m) == 1 })
	time.Sleep(time.Millisecond) // so that there is a wait to be shown
	m.Unlock()
	<-done
	for profile, function := range map[string]string{"mutex": "locks.(*Mutex).Unlock", "block": "locks.(*Mutex).Lock"} {
		var text bytes.Buffer
		if err := pprof.Lookup(profile).WriteTo(&text, 1); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text.String(), function) {
			t.Errorf("the %s profile does not name %s:\n%s", profile, function, &text)
		}
	}
}
