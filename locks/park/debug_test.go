// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package park_test

import (
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/locks/park"
)

// TestDebugMistakes makes the mistakes that are checked for with the build tag osync_debug.
func TestDebugMistakes(t *testing.T) {
	elsewhere := func(f func()) {
		recovered := make(chan any)
		go func() {
			defer func() { recovered <- recover() }()
			f()
		}()
		if r := <-recovered; r != nil {
			panic(r)
		}
	}
	keep := func(word *atomic.Uint32) (kept park.Queue) {
		park.WithQueue(word, func(q park.Queue) { kept = q })
		return kept
	}
	try(t, []mistake{
		{"Queue in a Queue", func(word *atomic.Uint32) {
			park.WithQueue(word, func(park.Queue) { park.Waiting(new(atomic.Uint32)) })
		}, "park: a goroutine that holds a Queue locks another one"},
		{"Wake in a Queue", func(word *atomic.Uint32) {
			push(word)
			park.WithQueue(word, func(q park.Queue) { q.Pop().Wake(0) })
		}, "park: Wake before the Queue is unlocked"},
		{"Queue kept", func(word *atomic.Uint32) {
			keep(word).Pop()
		}, "park: a Queue is used after its function has returned"},
		{"Push to a Queue kept", func(word *atomic.Uint32) {
			keep(word).Push(park.NewWaiter(park.Condition, park.Limit{}).Entering())
		}, "park: a Queue is used after its function has returned"},
		{"PopAll of a Queue kept", func(word *atomic.Uint32) {
			keep(word).PopAll()
		}, "park: a Queue is used after its function has returned"},
		{"Front of a Queue kept", func(word *atomic.Uint32) {
			keep(word).Front()
		}, "park: a Queue is used after its function has returned"},
		{"MoveTo from a Queue kept", func(word *atomic.Uint32) {
			kept := keep(word)
			park.WithQueue(new(atomic.Uint32), func(to park.Queue) { kept.MoveTo(to, 1) })
		}, "park: a Queue is used after its function has returned"},
		{"MoveTo to a Queue kept", func(word *atomic.Uint32) {
			kept := keep(word)
			park.WithQueue(new(atomic.Uint32), func(q park.Queue) { q.MoveTo(kept, 1) })
		}, "park: a Queue is used after its function has returned"},
		{"Queues in a Queue", func(word *atomic.Uint32) {
			park.WithQueue(word, func(park.Queue) {
				park.WithQueues(new(atomic.Uint32), new(atomic.Uint32), func(park.Queue, park.Queue) {})
			})
		}, "park: a goroutine that holds a Queue locks another one"},
		{"PopAll and Wake in a Queue", func(word *atomic.Uint32) {
			push(word)
			park.WithQueue(word, func(q park.Queue) { q.PopAll().Wake(0) })
		}, "park: Wake before the Queue is unlocked"},
		{"two layers", func(word *atomic.Uint32) {
			push(word)
			park.Wait(word, 0)
		}, "park: a word is used by Wait and through its Queue"},
		{"another's Sleep", func(word *atomic.Uint32) {
			w := park.NewWaiter(park.Condition, park.Limit{})
			elsewhere(func() { w.Sleep(word, park.Always{}, nil) })
		}, "park: Sleep of a Waiter of another goroutine"},
		{"another's Free", func(word *atomic.Uint32) {
			w := park.NewWaiter(park.Condition, park.Limit{})
			elsewhere(w.Free)
		}, "park: Free of a Waiter of another goroutine"},
		{"late Wake", func(word *atomic.Uint32) {
			w := push(word)
			pop(word).Drop()
			push(word) // not the same one
			pop(word)
			w.Wake(0)
		}, "park: Wake of a Waiter that is freed"},
	})
}
