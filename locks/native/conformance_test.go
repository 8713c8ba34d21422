// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows

package native_test

import (
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/native"
	"github.com/osync-go/osync/locks/thread"
)

var pinned = locktest.Start{Name: "pinned", Threads: true, Go: func(f func()) func() {
	h := thread.Spawn(func() error { f(); return nil })
	return func() {
		if err := h.Join(); err != nil {
			panic(err)
		}
	}
}}

// options are those of every system, and what the locks of this one promise beyond.
var options = append([]locktest.Option{
	locktest.Workers(pinned),
	locktest.Owned(),
	locktest.Recoverable(),
	locktest.Uneven(),
}, systemOptions...)

func TestMutex(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker { return new(native.Mutex) }, options...)
}

func TestRWMutex(t *testing.T) {
	locktest.RWMutex(t, func() locktest.RWLocker { return new(native.RWMutex) }, options...)
}

// TestStressProcs counts, with one to four processors and the garbage collector running.
func TestStressProcs(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	rounds := 5000
	if testing.Short() {
		rounds = 500
	}
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

// eventually waits until cond holds.
func eventually(t *testing.T, what string, cond func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !cond(); time.Sleep(20 * time.Microsecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: nothing happened for a minute", what)
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
		{"Mutex", native.MutexSize, mutexSize},
		{"RWMutex", native.RWMutexSize, rwMutexSize},
		{"Cond beyond L", native.CondSize, condSize},
	} {
		if s.got != s.want {
			t.Errorf("%s is %d bytes long, want %d", s.name, s.got, s.want)
		}
	}
}
