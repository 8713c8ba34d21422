// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/spin"
	"github.com/osync-go/osync/locks/park"
)

// readersOf lets n readers wait for rw, which a writer holds or waits for. They stay in until done is
// called.
func readersOf(t *testing.T, rw *RWMutex, n int) (done func()) {
	t.Helper()
	before, goOn := queued(&rw.state), make(chan struct{})
	for range n {
		go func() { rw.RLock(); <-goOn; rw.RUnlock() }()
	}
	locktest.Eventually(t, "readers that wait", func() bool { return queued(&rw.state) == before+n })
	return func() {
		close(goOn)
		locktest.Eventually(t, "the lock is free", func() bool { return rw.State() == 0 })
	}
}

// TestAdmit checks which readers an Unlock lets in, in the same step.
func TestAdmit(t *testing.T) {
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	const processors = 3
	runtime.GOMAXPROCS(processors)
	procs.Refresh()
	if !spin.Worthwhile() {
		t.Log("with one processor, each Unlock lets all readers in")
	}
	for _, tt := range []struct {
		name      string
		readers   int
		overtaken bool
		in        int
	}{
		{"one", 1, false, 1},
		{"as many as processors", processors, false, processors},
		{"more", processors + 1, false, 0},
		{"more, overtaken once", processors + 1, true, processors + 1},
	} {
		var rw RWMutex
		rw.Lock()
		done := readersOf(t, &rw, tt.readers)
		if tt.overtaken {
			var readers park.Waiters
			park.WithQueue(&rw.state, func(q park.Queue) { readers = q.PopAll() })
			readers.Wake(tokenRetry) // as an Unlock does, whose caller locks rw again at once
			locktest.Eventually(t, "the readers wait again", func() bool { return queued(&rw.state) == tt.readers })
		}
		if !spin.Worthwhile() {
			tt.in = tt.readers
		}
		var readers park.Waiters
		var token uint32
		park.WithQueue(&rw.state, func(q park.Queue) { readers, token, _ = rw.takeReaders(q, rwWriterHolds, 0) })
		if s := rw.state.Load(); s != uint32(tt.in)*rwReader || (token == tokenGranted) != (tt.in > 0) {
			t.Errorf("%s: the word is %08x after Unlock, want %d readers; the token is %d", tt.name, s, tt.in, token)
		}
		if tt.in > 0 && rw.TryLock() {
			t.Errorf("%s: a writer got in beside readers that were let in", tt.name)
		}
		readers.Wake(token)
		rw.w.Unlock()
		done()
	}
}

// TestAdmitOneProcessor is TestAdmit where a reader cannot spin.
func TestAdmitOneProcessor(t *testing.T) {
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	runtime.GOMAXPROCS(1)
	procs.Refresh()
	const readers = 5
	var rw RWMutex
	rw.Lock()
	if rw.TryRLockFor(time.Microsecond) {
		t.Error("a reader is in beside a writer")
	}
	if s := rw.state.Load(); s != rwWriterHolds {
		t.Errorf("the word is %08x after the only reader has given up", s)
	}
	done := readersOf(t, &rw, readers)
	rw.Unlock()
	if s := rw.state.Load(); s != readers*rwReader {
		t.Errorf("the word is %08x after Unlock, want %d readers", s, readers)
	}
	done()
}

// TestAdmitAfterGivingUp lets a writer hold many readers back, and give up while a second writer waits.
// The readers must be in when the first writer has given up.
func TestAdmitAfterGivingUp(t *testing.T) {
	for name, wait := range map[string]func(rw *RWMutex, ctx context.Context) error{
		"Lock":    (*RWMutex).LockContext,
		"Upgrade": (*RWMutex).UpgradeContext,
	} {
		var rw RWMutex
		rw.RLock() // it stays
		if name == "Upgrade" {
			rw.UpgradableLock()
		}
		first, cancelFirst := context.WithCancel(t.Context())
		second, cancelSecond := context.WithCancel(t.Context())
		readers := procs.Count() + 20
		end := make(chan error)
		go func() {
			err := wait(&rw, first)
			if got := rw.state.Load() / rwReader; got < uint32(readers+1) {
				t.Errorf("%s: %d readers are in after the writer has given up, want %d", name, got, readers+1)
			}
			if name == "Upgrade" {
				rw.UpgradableUnlock()
			}
			end <- err
		}()
		locktest.Eventually(t, "the first writer waits", func() bool { return queued(&rw.state) == 1 })
		done := readersOf(t, &rw, readers)
		go func() { end <- rw.LockContext(second) }()
		locktest.Eventually(t, "the second writer waits", func() bool { return queued(&rw.w.state) == 1 })
		cancelFirst()
		if err := <-end; err == nil {
			t.Fatalf("%s: a writer is in beside readers", name)
		}
		locktest.Eventually(t, "the second writer waits for readers", func() bool { return rw.state.Load()&rwWriterParked != 0 })
		cancelSecond()
		if err := <-end; err == nil {
			t.Fatalf("%s: a second writer is in beside readers", name)
		}
		rw.RUnlock()
		done()
	}
}
