// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import "sync/atomic"

// Each explored waiter awaits the word itself: the crowds of explored processes would be one. TestCrowdLate and the kill tests cover crowds.

func gather(word *atomic.Uint32, old uint32, kind func() crowdKind) *waiting {
	c := &crowd{word: word, kind: kind(), seen: old}
	if c.kind.standing != nil {
		c.kind.standing.Add(1)
	}
	return &waiting{crowd: c}
}

func (w *waiting) wait(l limit) error {
	c := w.crowd
	for c.word.Load() == c.seen {
		if err := await(c.word, c.seen, l); err != nil {
			return err
		}
		if c.kind.recheck != nil && explored.killed {
			c.kind.recheck()
		}
	}
	return nil
}

func (w *waiting) leave() bool {
	if standing := w.crowd.kind.standing; standing != nil {
		standing.Add(^uint32(0))
		w.crowd.kind.standing = nil
	}
	return true
}

func orAndWakeAll(word *atomic.Uint32, bits uint32) {
	word.Or(bits)
	wakeAll(word)
}
