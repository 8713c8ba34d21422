// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_synctest

package park

import (
	"reflect"
	"strconv"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/bubble"
	"github.com/osync-go/osync/internal/goid"
	"github.com/osync-go/osync/locks/internal/observe"
)

// With the build tag osync_synctest every wait in a bubble of testing/synctest is durably blocked: a
// goroutine sleeps byCond or byChannel, whatever it waits for, and so does a pinned thread. A wake-up from
// outside the bubble makes the runtime end the program with a message about semaphores or channels. So each
// Waiter knows its bubble, and Wake first compares it with the bubble of its caller.
type waiterBubble struct {
	id        uint64 // 0 outside of bubbles
	goroutine uint64
	word      *atomic.Uint32 // in whose queue the Waiter is, or was last
}

const closedBubbles = true

// enterBubble records the bubble of the caller, which makes w for itself.
//
//go:norace
func (w *Waiter) enterBubble() {
	if id := bubble.ID(); id != 0 {
		w.bubble.id = id
		_, w.bubble.goroutine = goid.Self()
	}
}

// inBubble reports whether w belongs to a goroutine in a bubble.
//
//go:norace
func (w *Waiter) inBubble() bool { return w.bubble.id != 0 }

// noteWord records the word in whose queue w is, or nil.
//
//go:norace
func (w *Waiter) noteWord(addr *atomic.Uint32) {
	if w.bubble.id != 0 && addr != nil {
		w.bubble.word = addr
	}
}

// leaveBubble clears the bubble, and what w kept for the message, before w goes back to the pool.
//
//go:norace
func (w *Waiter) leaveBubble() {
	if w.bubble.id != 0 {
		w.bubble, w.enqueuer = waiterBubble{}, nil
	}
}

// mustBeReachable panics if w, which was taken out of its queue, sleeps in a bubble and the caller is not in
// that bubble. The goroutine of w then sleeps forever: nothing can wake it from here.
//
//go:norace
func (w *Waiter) mustBeReachable() {
	if w.bubble.id == 0 {
		return
	}
	here := bubble.ID()
	if here == w.bubble.id {
		return
	}
	where := "outside of bubbles"
	if here != 0 {
		where = "in bubble " + strconv.FormatUint(here, 10)
	}
	_, caller := goid.Self()
	panic("park: " + w.subject() + " is used inside and outside of a synctest bubble: goroutine " +
		strconv.FormatUint(w.bubble.goroutine, 10) + " waits for it in bubble " + strconv.FormatUint(w.bubble.id, 10) +
		", and goroutine " + strconv.FormatUint(caller, 10) + " " + where + " ends that wait. With the build tag " +
		"osync_synctest, what is waited for in a bubble must stay in that bubble")
}

// subject returns the type and the address of what w waits for, and its name if package watch knows one.
//
//go:norace
func (w *Waiter) subject() string {
	word := w.bubble.word
	if observe.Describe != nil {
		v := observe.Wait{Word: unsafe.Pointer(word), Tag: w.tag}
		if _, ok := w.enqueuer.(compare); !ok {
			v.Enqueuer = w.enqueuer
		}
		return observe.Describe(&v)
	}
	name, addr := "park.Wait", uintptr(unsafe.Pointer(word))
	if _, ok := w.enqueuer.(compare); !ok {
		var lock any = w.enqueuer
		if d, ok := lock.(Describer); ok {
			lock, _ = d.Describe(word, w.tag)
		}
		if v := reflect.ValueOf(lock); v.Kind() == reflect.Pointer {
			name, addr = v.Type().Elem().String(), v.Pointer()
		}
	}
	return name + " 0x" + strconv.FormatUint(uint64(addr), 16)
}

// cutOff removes from ws the waiters that sleep in a bubble other than the caller's, and returns the first of
// them, or nil.
//
//go:norace
func (ws *Waiters) cutOff() *Waiter {
	here, asked := uint64(0), false
	var cut, last *Waiter
	kept := Waiters{}
	for w := ws.first; w != nil; w = w.next {
		if w.bubble.id != 0 && !asked {
			here, asked = bubble.ID(), true
		}
		switch {
		case w.bubble.id == 0 || w.bubble.id == here:
			if last == nil {
				kept.first = w
			} else {
				last.next = w
			}
			last = w
			kept.n++
		case cut == nil:
			cut = w
		}
	}
	if last != nil {
		last.next = nil
	}
	*ws = kept
	return cut
}
