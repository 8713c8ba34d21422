// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build (linux && !android && (386 || amd64 || arm64)) || (darwin && !ios)

package pthread_test

import (
	"sync"
	"testing"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/osync-go/osync/pthread"
)

// TestInteropLibrary shares mutexes with C code in this process: on a thread that C created, and on
// the same thread.
func TestInteropLibrary(t *testing.T) {
	need(t)
	if pthread.Version() == "libSystem" {
		t.Skip("a library for macOS wants a compiler for macOS")
	}
	handle, err := purego.Dlopen(build(t, "-shared", "-fPIC"), purego.RTLD_NOW|purego.RTLD_LOCAL)
	must(t, err)
	function := func(name string) uintptr { return made(purego.Dlsym(handle, name))(t) }
	countOnThread, lockIt := function("count_on_thread"), function("lock_it")

	static := pthread.MutexAt(*(*unsafe.Pointer)(unsafe.Pointer(new(function("static_mutex")))))
	for _, k := range append(mutexKinds, mutexKind{name: "static"}) {
		t.Run(k.name, func(t *testing.T) {
			m := static
			if k.set != nil {
				m = k.mutex(t)
			}
			const threads, rounds = 3, 500
			count := new(int64) // in the heap, which does not move
			args := []uintptr{uintptr(m.Pointer()), uintptr(unsafe.Pointer(count)), rounds}
			var g sync.WaitGroup
			for range threads {
				g.Go(func() {
					if r, _, _ := purego.SyscallN(countOnThread, args...); int32(r) != 0 {
						t.Errorf("count_on_thread returned %d", int32(r))
					}
				})
				g.Go(func() {
					for range rounds {
						wants(t, "Lock", m.Lock(), nil)
						*count++
						wants(t, "Unlock", m.Unlock(), nil)
					}
				})
			}
			g.Wait()
			if *count != 2*threads*rounds {
				t.Errorf("counted %d, want %d", *count, 2*threads*rounds)
			}
		})
	}

	// C locks, Go unlocks, on one thread, where the library checks the owner.
	onThread(func(pthread.Thread) {
		m := newMutex(t, ofType(pthread.TypeErrorCheck))
		if r, _, _ := purego.SyscallN(lockIt, uintptr(m.Pointer())); int32(r) != 0 {
			t.Errorf("lock_it returned %d", int32(r))
		}
		elsewhere(func() {
			wants(t, "TryLock of what C has locked", m.TryLock(), pthread.EBUSY)
			wants(t, "Unlock of what C has locked, elsewhere", m.Unlock(), pthread.EPERM)
		})
		wants(t, "Lock of what C has locked", m.Lock(), pthread.EDEADLK)
		wants(t, "Unlock of what C has locked", m.Unlock(), nil)
		if !pinned() {
			t.Error("an unlock of what C has locked has unlocked the goroutine from its thread")
		}
	}, t)
}
