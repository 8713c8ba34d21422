// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build race

package guard_test

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/guard"
)

// TestSeqLockDetectorSeesOrder lets each goroutine write before it writes the value, and the next one read after it has read
// that. The detector sees the order, from the first use of the type and of the SeqLock on, also by a goroutine whose first use of
// another has panicked.
func TestSeqLockDetectorSeesOrder(t *testing.T) {
	type number struct{ n int }
	var l [2]guard.SeqLock[number]
	shared := 0
	await := func(i, n int) {
		for l[i].Load().n != n {
			runtime.Gosched()
		}
	}
	done := make(chan struct{})
	go func() {
		locktest.Panics(t, "Load", nil, func() { new(guard.SeqLock[*number]).Load() })
		shared++
		l[0].Store(number{1})
		await(1, 1)
		shared++
		close(done)
	}()
	await(0, 1)
	shared++
	l[1].Update(func(v *number) { v.n++ })
	<-done
}

// TestSeqLockDetectorSeesRace runs a program with a race between two goroutines whose first uses of a SeqLock come one after the
// other, without the detector seeing why. The check of the type must not hide the race.
func TestSeqLockDetectorSeesRace(t *testing.T) {
	if testing.CoverMode() != "" {
		t.Skip("the counters of -cover, which are atomic, order the goroutines")
	}
	if os.Getenv("OSYNC_RACY") == "" {
		child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		child.Env = append(os.Environ(), "OSYNC_RACY=1", "GORACE=halt_on_error=0")
		if out, err := child.CombinedOutput(); err == nil || strings.Count(string(out), "WARNING: DATA RACE") != 1 {
			t.Errorf("the detector did not see one race: %v\n%s", err, out)
		}
		return
	}
	new(guard.SeqLock[int]).Load() // now the type is known
	var l guard.SeqLock[int]
	shared := 0
	var order atomic.Bool
	done := make(chan struct{})
	go func() {
		shared++
		l.Load()
		race.Disable()
		order.Store(true)
		race.Enable()
	}()
	go func() {
		race.Disable()
		for !order.Load() {
		}
		race.Enable()
		l.Load()
		shared++
		close(done)
	}()
	<-done
}
