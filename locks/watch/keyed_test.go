// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch_test

import (
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/internal/observe"
	"github.com/osync-go/osync/locks/park"
)

// TestKeyOfAWaitThatIsOver asks for the key of a wait as Waits does: after the queue is unlocked. By then the wait may be
// over, and the entry of the key in use for another one.
func TestKeyOfAWaitThatIsOver(t *testing.T) {
	const purpose = `lock "a"`
	var k locks.Keyed[string]
	k.Lock("a")
	done := make(chan struct{})
	go func() {
		k.Lock("a")
		k.Unlock("a")
		close(done)
	}()
	var word *atomic.Uint32
	var queue park.Describer
	locktest.Eventually(t, "a wait", func() bool {
		observe.Visit(func(w *observe.Wait) {
			if d, ok := w.Enqueuer.(park.Describer); ok {
				if lock, p := d.Describe((*atomic.Uint32)(w.Word), w.Tag); lock == &k && p == purpose {
					word, queue = (*atomic.Uint32)(w.Word), d
				}
			}
		})
		return queue != nil
	})
	k.Unlock("a")
	<-done
	for i := range 1001 {
		if i > 0 {
			k.Lock("another" + strconv.Itoa(i))
		}
		if lock, p := queue.Describe(word, 0); lock != &k || p != purpose {
			t.Fatalf("after %d locks of other keys the wait was to %s", i, p)
		}
	}
}
