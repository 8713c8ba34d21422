// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"context"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/sys/linux"
)

// A pending tells the kernel that the calling thread waits for a word and may have been woken. If the process is killed
// while the word is free, the kernel wakes another sleeper on it.
//
// A thread has one robust list. If it has none, as in a program without C, it gets one for the duration. If it has one,
// the list is the C library's, and only its list_op_pending is used, which the C library does not touch while the
// thread is in Go.
type pending struct {
	head *linux.RobustListHead // nil before begin
	own  bool                  // the head is not the C library's
}

// heads has the heads that no thread uses.
var heads struct {
	mu   sync.Mutex
	free []*linux.RobustListHead
}

// begin locks the goroutine to its thread, until end. It may be called again.
func (p *pending) begin(word *atomic.Uint32) {
	if p.head != nil {
		return
	}
	runtime.LockOSThread()
	at, _, err := linux.GetRobustList(0)
	if p.head = (*linux.RobustListHead)(pointer(at)); at == 0 && err == nil {
		if p.head, err = newHead(); err == nil {
			err = linux.SetRobustList(p.head, unsafe.Sizeof(*p.head))
		}
		p.own = err == nil
	}
	if err != nil {
		p.head = new(linux.RobustListHead) // without effect: a kill can lose a wake
	}
	store(&p.head.ListOpPending, uintptr(unsafe.Pointer(word))-uintptr(p.head.FutexOffset))
}

// end undoes begin, if that was called.
func (p *pending) end() {
	if p.head == nil {
		return
	}
	store(&p.head.ListOpPending, 0)
	if p.own && linux.SetRobustList(nil, unsafe.Sizeof(*p.head)) == nil {
		heads.mu.Lock()
		heads.free = append(heads.free, p.head)
		heads.mu.Unlock()
	}
	runtime.UnlockOSThread()
	*p = pending{}
}

// newHead returns the head of an empty list, in memory that Go does not manage.
func newHead() (*linux.RobustListHead, error) {
	heads.mu.Lock()
	defer heads.mu.Unlock()
	if len(heads.free) == 0 {
		size := uintptr(os.Getpagesize())
		page, err := unix.MmapPtr(-1, 0, nil, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
		if err != nil {
			return nil, os.NewSyscallError("mmap", err)
		}
		for at := uintptr(0); at+unsafe.Sizeof(linux.RobustListHead{}) <= size; at += unsafe.Sizeof(linux.RobustListHead{}) {
			h := (*linux.RobustListHead)(unsafe.Add(page, at))
			h.List.Next = uintptr(unsafe.Pointer(h))
			heads.free = append(heads.free, h)
		}
	}
	last := len(heads.free) - 1
	h := heads.free[last]
	heads.free = heads.free[:last]
	return h, nil
}

// awaitHere is await on the calling thread.
func awaitHere(word *atomic.Uint32, old uint32, l limit) error {
	if r := space.regionOf(uintptr(unsafe.Pointer(word))); r == nil || r.over() {
		return ErrClosed
	}
	if l.ctx == nil {
		return awaitDirectly(word, old, 0, l)
	}
	s := new(sleeper)
	s.prepare([]*entry{{word: word, old: old}})
	defer context.AfterFunc(l.ctx, s.ring)()
	s.sleep(time.Now().Add(recheck))
	return l.ended()
}
