// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"sync/atomic"
)

// Waiting returns how many are in the queue, State the word.

func (m *FairMutex) Waiting() int  { return queued(&m.state) }
func (m *FairMutex) State() uint64 { return uint64(m.state.Load()) }

func (s *Semaphore) Waiting() int  { return queued(&s.queue) }
func (s *Semaphore) State() uint64 { return s.state.Load() }

func (e *Event) Waiting() int  { return queued(&e.state) }
func (e *Event) State() uint64 { return uint64(e.state.Load()) }

func (e *AutoEvent) Waiting() int  { return queued(&e.state) }
func (e *AutoEvent) State() uint64 { return uint64(e.state.Load()) }

func (l *Latch) Waiting() int  { return queued(&l.state) }
func (l *Latch) State() uint64 { return uint64(l.state.Load()) }

func (b *Barrier) Waiting() int  { return queued(&b.state) }
func (b *Barrier) State() uint64 { return uint64(b.state.Load()) }

// Hold locks the queue of l, so that those who are about to look at it, or to leave it, meet
// at the moment when release is called.
func Hold(l any) (release func()) {
	var addr *atomic.Uint32
	switch l := l.(type) {
	case *RWMutex:
		addr = &l.state
	case *FairMutex:
		addr = &l.state
	case *Semaphore:
		addr = &l.queue
	case *Event:
		addr = &l.state
	case *AutoEvent:
		addr = &l.state
	case *Latch:
		addr = &l.state
	case *Barrier:
		addr = &l.state
	}
	_, release = holdQueue(addr)
	return release
}
