// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch_test

import (
	"bytes"
	"runtime/trace"
	"testing"
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/watch"
)

// TestTrace looks for the regions of waits in an execution trace. The trace of Go has each text once, as it is.
func TestTrace(t *testing.T) {
	if trace.IsEnabled() {
		t.Skip("a trace is being written")
	}
	named, other := new(locks.Mutex), locks.NewLatch(1)
	watch.Name(named, "traced lock")
	named.Lock()
	named.TryLockFor(time.Millisecond) // without a trace
	var b bytes.Buffer
	if err := trace.Start(&b); err != nil {
		t.Skip(err)
	}
	named.TryLockFor(time.Millisecond)
	other.WaitFor(time.Millisecond)
	trace.Stop()
	for _, region := range []string{"osync: traced lock", "osync: locks.Latch"} {
		if !bytes.Contains(b.Bytes(), []byte(region)) {
			t.Errorf("the trace has no region %q", region)
		}
	}
}
