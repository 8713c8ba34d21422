// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build race

package park_test

import (
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/park"
)

// TestDetectorSeesRaces runs a program with a race between two goroutines that use words of one bucket.
// They run one after the other, without the detector seeing why. The lock of the bucket must not hide
// the race.
func TestDetectorSeesRaces(t *testing.T) {
	if testing.CoverMode() != "" {
		t.Skip("the counters of -cover, which are atomic, order the goroutines")
	}
	if os.Getenv("OSYNC_RACY") == "" {
		child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		child.Env = append(os.Environ(), "OSYNC_RACY=1", "GORACE=halt_on_error=0")
		if out, err := child.CombinedOutput(); err == nil || !strings.Contains(string(out), "DATA RACE") {
			t.Errorf("the detector did not see the race: %v\n%s", err, out)
		}
		return
	}
	words := park.SameBucket(2)
	shared := 0
	var order atomic.Uint32
	use := func(word *atomic.Uint32) {
		w := park.NewWaiter(park.Condition, park.Limit{})
		park.WithQueue(word, func(q park.Queue) {
			q.Push(w.Entering())
			q.Pop()
		})
		w.Drop()
		park.Wake(word)
	}
	done := make(chan struct{})
	go func() {
		shared++
		use(words[0])
		race.Disable()
		order.Store(1)
		race.Enable()
	}()
	go func() {
		race.Disable()
		for order.Load() == 0 {
		}
		race.Enable()
		use(words[1])
		shared++
		close(done)
	}()
	<-done
}
