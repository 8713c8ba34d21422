// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package held

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

// A stack is some return addresses.
type stack []uintptr

const maxStack = 32

// callers returns the stack of the caller. Other goroutines will read it.
//
//go:norace
func callers() stack {
	var pcs [maxStack]uintptr
	s := make(stack, runtime.Callers(2, pcs[:]))
	for i := range s {
		s[i] = pcs[i]
	}
	return s
}

// A place is a line of the program.
type place struct {
	function, file string
	line           int
	inside         bool // of osync, or of the runtime
}

func (p place) String() string {
	return fmt.Sprintf("%s:%d (%s)", shortFile(p.file), p.line, p.function)
}

// shortFile returns the last two elements of a path.
func shortFile(path string) string {
	if i := strings.LastIndexByte(path, '/'); i > 0 {
		return path[strings.LastIndexByte(path[:i], '/')+1:]
	}
	return path
}

// A frame is the place of a return address.
type frame struct {
	pc uintptr
	place
	next *frame
}

var (
	frames   [1 << 12]atomic.Pointer[frame]
	framesMu sync.Mutex
)

// placeOf returns the place of a return address.
//
//go:norace
func placeOf(pc uintptr) place {
	race.Disable()
	defer race.Enable()
	slot := &frames[slotOf(pc)%uintptr(len(frames))]
	for f := slot.Load(); f != nil; f = f.next {
		if f.pc == pc {
			return f.place
		}
	}
	rf, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	f := &frame{pc: pc, place: place{rf.Function, rf.File, rf.Line, isInside(rf.Function, rf.File)}}
	framesMu.Lock()
	defer framesMu.Unlock()
	f.next = slot.Load()
	slot.Store(f)
	return f.place
}

// inside is the directory of the locks of osync. The name of a function is less reliable: a closure of an inlined
// function is named after the caller.
var inside = func() string {
	_, file, _, _ := runtime.Caller(0)
	return strings.TrimSuffix(file, "internal/held/stack.go")
}()

// isInside reports whether a function belongs to the locks of osync, except their tests, or to the runtime.
func isInside(function, file string) bool {
	return strings.HasPrefix(function, "runtime.") || // a deferred call
		strings.HasPrefix(file, inside) && !strings.HasSuffix(file, "_test.go") && !strings.Contains(file, "/testdata/")
}

// place returns the first place outside of osync.
func (s stack) place() place {
	var p place
	for _, pc := range s {
		if p = placeOf(pc); !p.inside {
			break
		}
	}
	return p
}

// caller returns the first place outside of osync in the stack of the caller.
func caller() place {
	var pcs [12]uintptr
	return stack(pcs[:runtime.Callers(2, pcs[:])]).place()
}

// appendTo appends the stack to a report, as in a stack dump, without calls inside osync and the
// runtime.
func (s stack) appendTo(b *strings.Builder) {
	begun := false
	for _, pc := range s {
		p := placeOf(pc)
		if begun = begun || !p.inside; begun && !strings.HasPrefix(p.function, "runtime.") {
			fmt.Fprintf(b, "\t%s\n\t\t%s:%d\n", p.function, p.file, p.line)
		}
	}
}

func keepAlive(p, q unsafe.Pointer) {
	runtime.KeepAlive(p)
	runtime.KeepAlive(q)
}
