// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"fmt"

	"github.com/osync-go/osync/locks"
)

// A ledger has a lock of each type.
type ledger struct {
	mu     locks.Mutex
	fair   locks.FairMutex
	rw     locks.RWMutex
	biased locks.BiasedRWMutex
	sum    int
}

// addLocked must be called with all locks held. Built with -tags osync_debug, it reports a caller that does not
// hold them.
func (l *ledger) addLocked(n int) {
	l.mu.AssertHeld()
	l.fair.AssertHeld()
	l.rw.AssertHeld()
	l.biased.AssertHeld()
	l.sum += n
}

// sumLocked must be called with the locks held, at least for reading.
func (l *ledger) sumLocked() int {
	l.rw.AssertRHeld()
	l.biased.AssertRHeld()
	return l.sum
}

func ExampleMutex_AssertHeld() {
	var l ledger
	l.mu.Lock()
	l.fair.Lock()
	l.rw.Lock()
	l.biased.Lock()
	l.addLocked(3)
	l.biased.Unlock()
	l.rw.Unlock()
	l.fair.Unlock()
	l.mu.Unlock()

	l.rw.RLock()
	token := l.biased.RLock()
	fmt.Println(l.sumLocked())
	l.biased.RUnlock(token)
	l.rw.RUnlock()
	// Output: 3
}
