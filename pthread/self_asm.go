// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build (linux && (386 || amd64 || arm64)) || (freebsd && (amd64 || arm64))

package pthread

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

// block returns the address of the calling thread's control block, which these ABIs keep in a
// register. No other living thread has it, but a later one can.
func block() uintptr

// selfDestructor is the address of a C function that stores 1 in the uint32 that its argument
// points to. C calls it when a thread with a value of selfKey ends, before the thread's block can
// become another thread's. It is in self_386.s, self_amd64.s and self_arm64.s.
var selfDestructor uintptr

// A numbered is a thread that has a number. Every field is atomic, even under selfMu, and the race
// detector is disabled: otherwise it would conclude that the table, or the mutex, orders the threads.
type numbered struct {
	block, number atomic.Uintptr
	ended         atomic.Uint32 // set by selfDestructor
	next          atomic.Pointer[numbered]
}

// threads holds the threads that have a number, in lists by their blocks. An ended one can be among
// them until the next one is added to its list. selfMu is locked to change a list, not to read. A
// numbered is in Go's heap, does not move, and stays in its list for as long as C has its address.
var (
	threads  [256]atomic.Pointer[numbered]
	selfMu   sync.Mutex
	lastSelf atomic.Uintptr // the last number given, under selfMu
)

// self returns the number of the calling thread. It calls the C library only when it sees the
// thread for the first time.
func self() uintptr {
	race.Disable()
	defer race.Enable()
	at := block()
	list := &threads[uint64(at)*0x9e3779b97f4a7c15>>56] // Fibonacci hashing: blocks end in zeros
	for t := list.Load(); t != nil; t = t.next.Load() {
		if t.block.Load() == at && t.ended.Load() == 0 {
			return t.number.Load()
		}
	}
	return number(at, list)
}

// number gives the calling thread, whose block is at the address at, a number.
//
//go:noinline
func number(at uintptr, list *atomic.Pointer[numbered]) uintptr {
	selfMu.Lock()
	defer selfMu.Unlock()
	t := new(numbered)
	race.Enable() // for the call: purego's pool orders its users
	e := setspecific.do(selfKey, uintptr(unsafe.Pointer(&t.ended)), 0)
	race.Disable()
	if e != 0 {
		return 0
	}
	n := lastSelf.Add(1)
	t.block.Store(at)
	t.number.Store(n)
	for end := list; ; {
		switch other := end.Load(); {
		case other == nil:
			end.Store(t)
			return n
		case other.ended.Load() != 0:
			end.Store(other.next.Load())
		default:
			end = &other.next
		}
	}
}
