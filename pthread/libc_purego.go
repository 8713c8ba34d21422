// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build (darwin && !ios && (amd64 || arm64)) || (linux && !android && (386 || amd64 || arm || arm64 || loong64 || ppc64le || riscv64 || (s390x && cgo))) || (freebsd && (amd64 || arm64) && (cgo || osync_purego))

package pthread

import (
	"sync"

	"github.com/ebitengine/purego"
)

// dlsym asks the C library that the program runs on already, under whatever name. To open
// one by its path could bring a second one into the process, which crashes.
func dlsym(name string) uintptr {
	addr, err := purego.Dlsym(purego.RTLD_DEFAULT, name)
	if err != nil {
		return 0
	}
	return addr
}

// onceCallback returns the address of a C function that calls runOnce. There are 2000
// places for such functions in a process; this takes one, when it is first needed.
var onceCallback = sync.OnceValue(func() uintptr { return purego.NewCallback(runOnce) })
