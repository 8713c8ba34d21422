// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"os"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/explore/hook"
)

// The region is a block of the heap, each explored process has a private block, and the futex is a model. The kill tests cover the real ones.

var explored struct {
	region  *[128]uint64
	private [8]*[128]uint64
	dead    [9]atomic.Uint32 // by id
	killed  bool

	// A region that is closed, by a process of its own that is as the one of its users: what takes their memory away ends them.
	closing       *Region
	users, closer int
	protect       func()
}

// exploredProcess returns which process the goroutine is of.
func exploredProcess() int {
	if p := hook.Process(); p != explored.closer {
		return p
	}
	return explored.users
}

func exploredID() uint32 { return uint32(exploredProcess()) + 1 }

func privately(p unsafe.Pointer) unsafe.Pointer {
	block := &explored.private[exploredProcess()]
	if *block == nil {
		*block = new([128]uint64)
	}
	return unsafe.Add(unsafe.Pointer(*block), uintptr(p)-uintptr(unsafe.Pointer(explored.region)))
}

func exploredRegion() *Region {
	if explored.closing != nil && exploredProcess() == explored.users {
		return explored.closing
	}
	return new(Region)
}

func (o *owned) region() *Region { return exploredRegion() }

func (r *Region) adopt(addr uintptr, l *local) (uint32, error) {
	if r == explored.closing {
		r.keepers.mu.Lock()
		defer r.keepers.mu.Unlock()
		if r.closed.Load() {
			return 0, ErrClosed
		}
		if l.id.Load() == 0 {
			r.words = append(r.words, addr)
		}
	}
	l.id.Store(exploredID())
	return exploredID(), nil
}

func (r *Region) retire() error {
	r.keepers.mu.Lock()
	defer r.keepers.mu.Unlock()
	r.closed.Store(true)
	for i, addr := range r.words {
		if !release(addr, exploredID(), r.owns) {
			for _, addr := range r.words[:i] {
				localAt(addr).id.Store(exploredID())
			}
			r.closed.Store(false)
			return ErrInUse
		}
	}
	return nil
}

// setWritable ends the users where they fault in their next change.
func setWritable(at, n uintptr, yes bool) error {
	if !yes {
		explored.protect()
	}
	return nil
}

func (r *Region) leave()        { explored.dead[exploredID()].Store(1) }
func (r *Region) detach() error { return nil }

func (r *Region) owns(id uint32) bool { return id == exploredID() }
func (r *Region) dead(id uint32) bool { return explored.dead[id].Load() != 0 }
func (r *Region) buried() bool        { return true }

func gone(word *atomic.Uint32) error { return nil }

func enter(p unsafe.Pointer) (*Region, error) {
	r := exploredRegion()
	return r, r.enter()
}

func awaitOwner(word *atomic.Uint32, old, owner uint32, l limit) error {
	if l.deadline.IsZero() {
		hook.FutexWaitLate(unsafe.Pointer(word), old, hook.Nanotime()+int64(recheck), func() bool { return explored.killed })
	} else if hook.FutexWait(unsafe.Pointer(word), old, hook.Nanotime()+int64(time.Until(l.deadline))) == hook.FutexDeadline {
		return os.ErrDeadlineExceeded
	}
	return l.ended()
}

func wake(word *atomic.Uint32, n uint32) { hook.FutexWake(unsafe.Pointer(word), int(n)) }

func storeAndWake(word *atomic.Uint32, value, n uint32) {
	hook.FutexStoreWake(unsafe.Pointer(word), value, int(n))
}
