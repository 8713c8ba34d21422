// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !osync_nolinkname && !go1.28 && (amd64 || arm64) && ((darwin && !ios) || (linux && !android) || ((freebsd || netbsd) && (cgo || osync_purego)))

package pthread

import (
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

// This file calls C as purego does, through the runtime's own call for cgo, but with 4 arguments instead of 41. That
// takes half the time: no more than cgo. Moreover, purego keeps its arguments in a pool, which the race detector
// mistakes for communication between goroutines, so that it would miss races.
//
// The runtime keeps cgocall linkable for purego, which the package links anyway, so this adds no new debt. Under the
// build tag osync_nolinkname, and with Go releases newer than those it was tested with, the calls go through
// purego.SyscallN.

//go:linkname cgocall runtime.cgocall
//go:noescape
func cgocall(fn, frame unsafe.Pointer) int32

// callC is the address of a C function that calls frame.fn with frame.args and stores the result in frame.result. If
// frame.errnoAt is not 0 it also stores errno in frame.errno, before anything else on this thread can change it. It is
// in call_amd64.s and call_arm64.s.
var callC uintptr

// call calls f with fr.args, and returns its result as a full word, as for a function that returns a pointer. C
// functions ignore surplus arguments. fr is in the heap, where C can access it.
//
// The runtime announces to the race detector that each call into C happens after all earlier ones. These calls do not:
// the methods of a lock announce its order.
func (fr *frame) call(f *function) uintptr {
	fr.fn, fr.errnoAt = f.addr, f.errnoAt
	race.Disable()
	cgocall(pointer(callC), unsafe.Pointer(fr))
	race.Enable()
	return fr.result
}

// inCallback runs f, which C has called, with the race detector in its state outside C.
func inCallback(f func()) {
	race.Enable()
	defer race.Disable()
	f()
}
