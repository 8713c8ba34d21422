// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows || freebsd || openbsd || netbsd || dragonfly

package native_test

import (
	"runtime"
	"sync"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/native"
	"github.com/osync-go/osync/locks/thread"
)

var pinned = locktest.Pinned(thread.Spawn)

// options are what the locks promise on every system, and on this one.
var options = append([]locktest.Option{
	locktest.Workers(pinned),
	locktest.Owned(),
	locktest.Recoverable(),
	locktest.Uneven(),
}, systemOptions...)

// TestStressUnderGC counts under a Mutex and an RWMutex, with one to four processors and the garbage
// collector running.
func TestStressUnderGC(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	rounds := locktest.Rounds(5000)
	for _, procs := range []int{1, 2, 4} {
		runtime.GOMAXPROCS(procs)
		const threads = 6
		var m native.Mutex
		var rw native.RWMutex
		var done sync.WaitGroup
		count, shared := 0, [2]int{}
		for id := range threads {
			done.Go(func() {
				for i := range rounds {
					m.Lock()
					count++
					m.Unlock()
					if id%3 == 0 {
						rw.Lock()
						shared[0]++
						shared[1]++
						rw.Unlock()
					} else {
						rw.RLock()
						if shared[0] != shared[1] {
							t.Errorf("a reader found a half-made change: %v", shared)
						}
						rw.RUnlock()
					}
					if id == 0 && i%100 == 0 {
						runtime.GC()
					}
				}
			})
		}
		done.Wait()
		if count != threads*rounds || shared[0] != threads/3*rounds {
			t.Errorf("with %d processors counted %d and %d, want %d and %d",
				procs, count, shared[0], threads*rounds, threads/3*rounds)
		}
	}
}

func TestSupported(t *testing.T) {
	if err := native.Supported(); err != nil {
		t.Errorf("Supported() = %v", err)
	}
}

func TestSizes(t *testing.T) {
	for _, s := range []struct {
		name      string
		got, want uintptr
	}{
		{"Mutex", unsafe.Sizeof(native.Mutex{}), mutexSize},
		{"RWMutex", unsafe.Sizeof(native.RWMutex{}), rwMutexSize},
		{"Cond beyond L", unsafe.Sizeof(native.Cond{}) - unsafe.Sizeof((*native.Mutex)(nil)), condSize},
	} {
		if s.got != s.want {
			t.Errorf("%s is %d bytes long, want %d", s.name, s.got, s.want)
		}
	}
}

// apart runs f in another goroutine, and waits for it.
func apart(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

// panicking returns what f panics with, or nil.
func panicking(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}
