// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build (osync_nolinkname || go1.28 || !(amd64 || arm64)) && ((darwin && !ios && (amd64 || arm64)) || (linux && !android && (386 || amd64 || arm || arm64 || loong64 || ppc64le || riscv64 || (s390x && cgo))) || ((freebsd || netbsd) && (amd64 || arm64) && (cgo || osync_purego)))

package pthread

import "github.com/ebitengine/purego"

// call calls f with fr.args, and returns its result as a full word, as for a function that returns
// a pointer. C functions ignore surplus arguments.
func (fr *frame) call(f *function) uintptr {
	if f.result == setsErrno {
		var r uintptr
		r, fr.errno = callErrno(f, fr.args[:]...)
		return r
	}
	r, _, _ := purego.SyscallN(f.addr, fr.args[:]...)
	return r
}

// inCallback runs f, which C has called.
func inCallback(f func()) { f() }
