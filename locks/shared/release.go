// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows

package shared

import "sync/atomic"

// localAt returns the local of the word at addr.
func localAt(addr uintptr) *local { return (*local)(privately(pointer(addr))) }

// evicting is called after the steps e1 and e2 of release, for tests: see evict in keeper_linux.go.
var evicting = func(step int) {}

// release makes the goroutines that take the word at addr, so far as id, call adopt. If the word bears an id of this
// process, release reports false and has changed nothing. So either release sees that a goroutine has taken the word, or
// that goroutine sees, after it has taken the word, that id is no longer the word's.
func release(addr uintptr, id uint32, own func(id uint32) bool) bool {
	word, l := (*atomic.Uint32)(pointer(addr)), localAt(addr)
	held := func() bool {
		var gone error // with its memory, or with the file: no process takes it any more
		s := load(word, &gone) & ownerMask
		return gone == nil && own(s)
	}
	if held() {
		return false
	}
	evicting(1)
	l.id.Store(0)
	evicting(2)
	if held() {
		l.id.Store(id)
		return false
	}
	return true
}
