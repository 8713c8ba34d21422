// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package historical

import (
	"sync/atomic"

	"github.com/osync-go/osync/locks/park"
)

// A drepper1 is "mutex, take 1" of Ulrich Drepper, Futexes are tricky (2004 and later). Drepper shows it for its bugs:
// waiters that change the word keep each other from falling asleep, and when 2³² have looked the word is 0 again
// while the lock is held.
type drepper1 struct{ val atomic.Uint32 } // 0: unlocked; else how many have looked since

// Lock locks m, and returns how often it has looked.
func (m *drepper1) Lock() (looks int) {
	for {
		looks++
		c := m.val.Add(1) - 1
		if c == 0 {
			return looks
		}
		park.Wait(&m.val, c+1)
	}
}

func (m *drepper1) Unlock() {
	m.val.Store(0)
	park.Wake(&m.val)
}

// A drepper2 is "mutex, take 2": the word says whether a waiter may sleep, and a waiter that looks again does not
// change it.
type drepper2 struct{ val atomic.Uint32 } // 0: unlocked; 1: locked; 2: locked, and a waiter may sleep

// Lock locks m, and returns how often it has looked.
func (m *drepper2) Lock() (looks int) {
	if m.val.CompareAndSwap(0, 1) {
		return 1
	}
	for looks = 1; ; looks++ {
		if m.val.Swap(2) == 0 {
			return looks
		}
		park.Wait(&m.val, 2)
	}
}

func (m *drepper2) Unlock() {
	if m.val.Add(^uint32(0)) != 0 {
		m.val.Store(0)
		park.Wake(&m.val)
	}
}
