// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import (
	"fmt"
	"unsafe"
)

// A shadow records the accesses to a plain variable: the last write, and the last read of each thread since then.
type shadow struct {
	keep    unsafe.Pointer // the variable
	written int            // the thread of the last write, or -1
	at      uint32         // its time then
	where   string
	reads   clock
	readAt  [MaxThreads]string
}

// Plain records a plain access, to find data races: two accesses of different threads, at least one of them a write,
// neither of which is synchronized before the other. It is not a step.
func (t *Thread) Plain(p unsafe.Pointer, size uintptr, write bool) {
	x := t.x
	if x.stopping {
		return // deferred calls of a thread that is being ended
	}
	s := x.shadow[uintptr(p)]
	if s == nil {
		s = &shadow{keep: p, written: -1}
		x.shadow[uintptr(p)] = s
	}
	var here string
	if x.tracing {
		var pcs [8]uintptr
		here = where(pcs[:callers(pcs[:])])
	}
	if s.written >= 0 && s.written != t.id && t.sync[s.written] < s.at {
		x.raced(t, write, here, x.threads[s.written], true, s.where)
	}
	if !write {
		s.reads[t.id], s.readAt[t.id] = t.sync[t.id], here
		return
	}
	for i, at := range s.reads[:len(x.threads)] {
		if at != 0 && i != t.id && t.sync[i] < at {
			x.raced(t, write, here, x.threads[i], false, s.readAt[i])
		}
	}
	s.reads = clock{}
	s.written, s.at, s.where = t.id, t.sync[t.id], here
}

func (x *execution) raced(t *Thread, write bool, here string, other *Thread, wrote bool, there string) {
	did := map[bool]string{true: "write", false: "read"}
	t.Fail("data race", fmt.Sprintf("%s by %s%s\nis not ordered with the earlier\n%s by %s%s",
		did[write], t.Name(), place(here), did[wrote], other.Name(), place(there)))
}

// place returns " at file:line", or "" if the place is unknown.
func place(where string) string {
	if where == "" {
		return ""
	}
	return " at " + where
}
