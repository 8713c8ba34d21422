// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch_test

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/bubble"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/watch"
)

// TestWaitsInBubble has a wait in a bubble and one outside, seen from both: each time counts on its own side.
func TestWaitsInBubble(t *testing.T) {
	var outside locks.Event
	ended := locktest.Goroutines.Go(outside.Wait)
	one(t, &outside)
	look, seen := make(chan *locks.Event), make(chan []watch.Wait)
	looked := locktest.Goroutines.Go(func() { seen <- of(<-look) })
	synctest.Test(t, func(t *testing.T) {
		inside := new(locks.Event)
		watch.Name(inside, "inside")
		begin := time.Now()
		go inside.Wait()
		time.Sleep(time.Hour)
		if w := of(inside); len(w) != 1 || !w[0].Since.Equal(begin) {
			t.Errorf("in the bubble: %+v, want one wait since %v", w, begin)
		}
		if w := of(&outside); len(w) != 1 || !w[0].Since.IsZero() {
			t.Errorf("in the bubble: %+v, want one wait outside, without a time", w)
		}
		for _, f := range watch.Figures() {
			if f.Name == "inside" && f.Oldest != time.Hour {
				t.Errorf("the oldest wait has lasted for %v by Figures, want 1h", f.Oldest)
			}
		}
		look <- inside // a channel of outside
		if w := <-seen; len(w) != 1 || !w[0].Since.IsZero() {
			t.Errorf("outside: %+v, want one wait, without a time", w)
		}
		inside.Set()
	})
	looked()
	outside.Set()
	ended()
}

// TestNameAcrossBubbles unlocks a lock with a name outside of the bubble in which a goroutine waits for it.
func TestNameAcrossBubbles(t *testing.T) {
	if !bubble.Closed {
		t.Skip("this is about the build tag osync_synctest")
	}
	if os.Getenv("OSYNC_NAME_ACROSS") == "" {
		out, err := locktest.Child(t, "OSYNC_NAME_ACROSS=1", "-test.run=^"+t.Name()+"$", "-test.timeout=1m")
		if err == nil || !strings.Contains(string(out), "panic: park: accounts (locks.Mutex 0x") {
			t.Errorf("an Unlock outside of the bubble: %v\n%s", err, out)
		}
		return
	}
	m := new(locks.Mutex)
	watch.Name(m, "accounts")
	m.Lock()
	go func() {
		for len(of(m)) != 1 {
			runtime.Gosched()
		}
		m.Unlock()
	}()
	synctest.Test(t, func(*testing.T) {
		go func() {
			for { // so that no deadlock is found
				runtime.Gosched()
			}
		}()
		m.Lock()
	})
}
