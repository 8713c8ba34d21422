// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build (darwin && !ios && (amd64 || arm64)) || (linux && !android && (386 || amd64 || arm || arm64 || loong64 || ppc64le || riscv64 || (s390x && cgo))) || ((freebsd || netbsd) && (amd64 || arm64) && (cgo || osync_purego))

package pthread

import (
	"runtime"
	"sync"

	"github.com/ebitengine/purego"
)

// dlsym searches the C library that the program already runs on, whatever its name. Opening one by its path could load
// a second one into the process, which crashes.
func dlsym(name string) uintptr {
	addr, err := purego.Dlsym(purego.RTLD_DEFAULT, name)
	if err != nil {
		return 0
	}
	return addr
}

// onceCallback returns the address of a C function that calls runOnce. A process has room for 2000 such functions; this
// takes one, on first use.
var onceCallback = sync.OnceValue(func() uintptr { return purego.NewCallback(runOnce) })

// callErrno calls f with any number of arguments, and returns its result, and errno after it. purego reads errno
// on macOS, where Go's runtime calls C itself and so could change it. Elsewhere nothing changes it
// while the goroutine keeps its thread.
func callErrno(f *function, args ...uintptr) (r uintptr, errno int32) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	r, _, e := purego.SyscallN(f.addr, args...)
	if runtime.GOOS != "darwin" {
		at, _, _ := purego.SyscallN(errnoLocation.addr)
		e = uintptr(*(*int32)(pointer(at)))
	}
	return r, int32(e)
}

// callVariadic is callErrno for a function whose two named arguments are followed by more. Apple's convention for
// arm64 passes those on the stack: behind the eight that fill the registers.
func callVariadic(f *function, a, b uintptr, more ...uintptr) (r uintptr, errno int32) {
	args := []uintptr{a, b}
	if runtime.GOOS == "darwin" && runtime.GOARCH == "arm64" {
		args = make([]uintptr, 8)
		args[0], args[1] = a, b
	}
	return callErrno(f, append(args, more...)...)
}
