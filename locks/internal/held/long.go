// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package held

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/internal/race"
)

// HeldFor reports locks that are held for longer than d from now on, when they are unlocked and, unless the caller
// is in a bubble of testing/synctest, while they are held. Zero ends that. HeldFor returns the previous limit.
func HeldFor(d time.Duration) (before time.Duration) {
	before = time.Duration(shared.limit.Swap(int64(d)))
	if _, bubble := mono.NowIn(); d > 0 && !bubble {
		look(d)
	}
	return before
}

// look periodically examines all held locks, as long as the limit is d.
func look(d time.Duration) {
	time.AfterFunc(max(d/2, time.Millisecond), func() {
		if shared.limit.Load() != int64(d) {
			return
		}
		for _, h := range longHolds(d) {
			h.tell()
		}
		look(d)
	})
}

// A beginning is the time and place at which a lock was locked.
type beginning struct {
	since int64
	fake  bool // since is the time of a bubble of testing/synctest
	stack stack
}

// begin returns the beginning of a hold, or nil if there is no longer a limit.
//
//go:norace
func begin() *beginning {
	if shared.limit.Load() == 0 {
		return nil
	}
	now, bubble := mono.NowIn()
	return &beginning{now, bubble, callers()}
}

// A longHold is a hold that lasts for too long.
type longHold struct {
	by   uint64
	in   *instance
	lock *byte
	*beginning
	ended bool // the goroutine is unlocking it
}

//go:norace
func longHolds(d time.Duration) (long []longHold) {
	race.Disable()
	defer race.Enable()
	now := mono.Now()
	for g := shared.youngest.Load(); g != nil; g = g.older {
		long = g.appendLong(long, now-int64(d))
	}
	return long
}

//go:norace
func (g *goroutine) appendLong(long []longHold, before int64) []longHold {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i := range g.holds {
		h := &g.holds[i]
		in, b, lock := h.in, h.begun, h.lock.Load() // in and b may be those of the next hold there
		if lock != nil && b != nil && !b.fake && b.since < before && in == h.in && b == h.begun {
			long = append(long, longHold{g.id, in, lock, b, false})
		}
	}
	return long
}

// checkLong reports a hold of g that ends, if it has lasted for too long.
func (g *goroutine) checkLong(in *instance, b *beginning) {
	now, bubble := mono.NowIn()
	if d := shared.limit.Load(); d > 0 && bubble == b.fake && now-b.since > d {
		(&longHold{g.id, in, nil, b, true}).tell()
	}
}

func (h *longHold) tell() {
	if !first(HeldLong, h.in, h.stack.place()) {
		return
	}
	now := callers()
	took := time.Duration(mono.Now() - h.since).Round(time.Microsecond)
	race.Disable()
	g := self()
	race.Enable()
	l := h.in.describe()
	g.tell(HeldLong, []Lock{l}, func(b *strings.Builder) {
		if h.ended {
			fmt.Fprintf(b, "Goroutine %d has held, for %v,\n\t%v\nand unlocks it here:\n", h.by, took, l)
			now.appendTo(b)
		} else {
			fmt.Fprintf(b, "Goroutine %d has held, for %v so far,\n\t%v\n", h.by, took, l)
			if s := stackOf(h.by); s != nil {
				fmt.Fprintf(b, "It is here:\n%s\n", s)
			}
		}
		b.WriteString("It was locked here:\n")
		h.stack.appendTo(b)
		fmt.Fprintf(b, "\nThe limit of watch.HeldFor is %v.\n", time.Duration(shared.limit.Load()))
	})
	runtime.KeepAlive(h.lock)
}

// stackOf returns the stack of a goroutine as the runtime dumps it, or nil if it has ended. It stops the program
// to do so.
func stackOf(id uint64) []byte {
	for size := 1 << 18; size <= 1<<26; size *= 4 {
		buf := make([]byte, size)
		n := runtime.Stack(buf, true)
		for dump := range bytes.SplitSeq(buf[:n], []byte("\n\n")) {
			if bytes.HasPrefix(dump, fmt.Appendf(nil, "goroutine %d ", id)) {
				return dump
			}
		}
		if n < size {
			break
		}
	}
	return nil
}
