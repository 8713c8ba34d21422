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
}

func exploredID() uint32 { return uint32(hook.Process()) + 1 }

func privately(p unsafe.Pointer) unsafe.Pointer {
	block := &explored.private[hook.Process()]
	if *block == nil {
		*block = new([128]uint64)
	}
	return unsafe.Add(unsafe.Pointer(*block), uintptr(p)-uintptr(unsafe.Pointer(explored.region)))
}

func (o *owned) region() *Region { return new(Region) }

func (r *Region) adopt(addr uintptr, l *local) (uint32, error) {
	l.id.Store(exploredID())
	return exploredID(), nil
}

func (r *Region) owns(id uint32) bool { return id == exploredID() }
func (r *Region) dead(id uint32) bool { return explored.dead[id].Load() != 0 }
func (r *Region) buried() bool        { return true }

func gone(word *atomic.Uint32) error { return nil }

func enter(p unsafe.Pointer) (*Region, error) { return nil, nil }
func (r *Region) linger() error               { return nil }
func (r *Region) exit()                       {}

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
