// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !((darwin && !ios && (amd64 || arm64)) || (linux && !android && (386 || amd64 || arm || arm64 || loong64 || ppc64le || riscv64 || (s390x && cgo))) || ((freebsd || netbsd) && (amd64 || arm64) && (cgo || osync_purego)))

package pthread

// dlsym finds nothing: osync cannot reach a C library here without cgo.
func dlsym(string) uintptr { return 0 }

// The functions below are never called, since there are no C functions. They exist for the code
// that all systems share.

func (fr *frame) call(f *function) uintptr {
	fr.fn, fr.errnoAt = f.addr, f.errnoAt
	return fr.result
}

func callErrno(f *function, _ ...uintptr) (uintptr, int32) { return f.addr, 0 }

func callVariadic(f *function, _, _ uintptr, _ ...uintptr) (uintptr, int32) { return f.addr, 0 }

func onceCallback() uintptr {
	inCallback(runOnce)
	return 0
}

func inCallback(f func()) { f() }
