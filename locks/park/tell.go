// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/goid"
	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/internal/observe"
)

// A moved describes the part of a wait before its first move to another word: for a Cond, before
// Broadcast moved the waiter to the Mutex.
type moved struct {
	addr     *atomic.Uint32 // nil if there was no move
	enqueuer Enqueuer
	since    int64
	observed observed
}

// observeMove is called before w is moved, with both buckets locked.
//
//go:norace
func (w *Waiter) observeMove() {
	if w.before.addr == nil {
		w.before = moved{w.addr, w.enqueuer, w.since, w.observed}
	}
	w.observed = observedExclusion
}

// observeWake is called before w, which is observed, is woken.
//
//go:norace
func (w *Waiter) observeWake() {
	if observe.On()&observe.Slow != 0 {
		w.noteWaker()
	}
}

// noteWaker records the stack of the goroutine that wakes w if the wait is slow. A waiter that is overtaken is woken
// several times; the wake-up that matters is the one after the longest part of the wait. When an early part ends, the
// wait may not be slow yet, so a part that is a large fraction of a slow wait is recorded, too.
//
//go:norace
func (w *Waiter) noteWaker() {
	const skip, goodPart = 3, 4 // noteWaker, observeWake, Wake
	now, after := mono.Now(), observe.SlowAfter()
	part := now - max(w.since, w.wokenAt)
	w.wokenAt = now
	if part > w.part && (part >= after/goodPart || now-w.since >= after) {
		w.part, w.waker = part, new(observe.Waker)
		_, w.waker.Goroutine = goid.Self()
		w.waker.Stack.Note(skip)
	}
}

// trace begins a region of the execution trace with the first sleep of w, if there is a trace.
//
//go:norace
func (w *Waiter) trace() {
	if w.region == nil && observe.Tracing() {
		race.Disable()
		w.region = observe.StartRegion(observe.Wait{Word: unsafe.Pointer(w.addrToEnter), Enqueuer: w.enqueuer, Tag: w.tag})
		race.Enable()
	}
}

// endRegion ends the region of trace.
//
//go:norace
func (w *Waiter) endRegion() {
	if w.region != nil {
		race.Disable()
		w.region.End()
		race.Enable()
		w.region = nil
	}
}

// tellEnd reports the end of the wait of w to package watch; if w was moved, it reports two waits.
//
//go:norace
func (w *Waiter) tellEnd() {
	e := observe.End{
		Wait: observe.Wait{
			Word:      unsafe.Pointer(w.lastAddr),
			Enqueuer:  w.enqueuer,
			Tag:       w.tag,
			Began:     w.since,
			Goroutine: w.goroutine,
			Exclusion: w.observed&observedExclusion != 0,
			Pinned:    w.Pinned(),
			Limited:   w.hasLimit,
			Waiter:    uintptr(unsafe.Pointer(w)),
		},
		LimitReached: w.err != nil,
		Waker:        w.waker,
	}
	race.Disable() // an observed wait must not order more than others do
	defer race.Enable()
	if b := w.before; b.addr != nil {
		first := e
		first.Word, first.Enqueuer, first.Began, first.Ended = unsafe.Pointer(b.addr), b.enqueuer, b.since, w.since
		first.Exclusion = b.observed&observedExclusion != 0
		first.LimitReached, first.Waker = false, nil
		observe.Ended(first)
	}
	observe.Ended(e)
}
