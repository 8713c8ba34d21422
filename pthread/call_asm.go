// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !osync_nolinkname && !go1.28 && (amd64 || arm64) && ((darwin && !ios) || (linux && !android) || ((freebsd || netbsd) && (cgo || osync_purego)))

package pthread

import (
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

// This file calls C as purego does, by the runtime's own call for cgo, but with four arguments and
// not with 41. That takes half the time: no more than cgo takes. And purego keeps its
// arguments in a pool, which the race detector takes for communication between goroutines, so
// that it would miss races.
//
// The runtime lends cgocall to purego by name, which we link anyway, so the debt is not a new
// one. Under the build tag osync_nolinkname, and with releases of Go that are newer than those it
// was tested with, the calls go through purego.SyscallN.

//go:linkname cgocall runtime.cgocall
//go:noescape
func cgocall(fn, frame unsafe.Pointer) int32

// callC is the address of a function, for C, that calls frame.fn with frame.args and puts what
// that returns into frame.result. If frame.errnoAt is not 0 it also reads errno, before anything else that
// runs on this thread can change it, into frame.errno. It stands in call_amd64.s and call_arm64.s.
var callC uintptr

// call calls f with fr.args, and returns what a function that returns a pointer would.
// C does not mind arguments that it does not know of. fr is in the heap, where C can reach it.
//
// The runtime tells the race detector that each call into C orders all that went before in any
// other. Ours do not: what a lock orders is said where it is locked.
func (fr *frame) call(f *function) uintptr {
	fr.fn, fr.errnoAt = f.addr, f.errnoAt
	race.Disable()
	cgocall(pointer(callC), unsafe.Pointer(fr))
	race.Enable()
	return fr.result
}

// inCallback runs f, which C has called, with the race detector as it is outside of C.
func inCallback(f func()) {
	race.Enable()
	defer race.Disable()
	f()
}
