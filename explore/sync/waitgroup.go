// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package sync

import (
	"sync"
	"unsafe"

	"github.com/osync-go/osync/explore/hook"
	"github.com/osync-go/osync/explore/internal/engine"
)

// A WaitGroup counts tasks, and lets goroutines wait until all are done.
type WaitGroup struct {
	wg sync.WaitGroup
}

// A wgState occupies the memory of a WaitGroup during an exploration.
type wgState struct {
	count int32
	ends  uint32 // how often the count has become zero
}

// Ready reports whether Wait may return.
func (s *wgState) Ready() bool { return s.count == 0 }

func (wg *WaitGroup) state() *wgState { return (*wgState)(unsafe.Pointer(wg)) }

// Add adds delta, which may be negative, to the count. It panics if the count becomes negative.
func (wg *WaitGroup) Add(delta int) {
	t := engine.Self()
	if t == nil {
		wg.wg.Add(delta)
		return
	}
	op := engine.Op{Name: "WaitGroup.Add", Addr: unsafe.Pointer(wg), Access: engine.Write, Word: engine.Word32}
	if delta < 0 { // the order of these calls makes no difference
		op.Name, op.Access = "WaitGroup.Done", engine.ReleaseShared
	}
	t.Step(&op)
	s := wg.state()
	s.count += int32(delta)
	if s.count < 0 {
		panic("sync: negative WaitGroup counter")
	}
	if s.count == 0 && delta < 0 {
		engine.Keep(t, &s.ends)
		s.ends++
	}
}

// Done subtracts one from the count.
func (wg *WaitGroup) Done() { wg.Add(-1) }

// Wait blocks until the count is zero.
func (wg *WaitGroup) Wait() {
	t := engine.Self()
	if t == nil {
		wg.wg.Wait()
		return
	}
	s := wg.state()
	waits, ends := s.count > 0, s.ends
	t.Step(&engine.Op{Name: "WaitGroup.Wait", Addr: unsafe.Pointer(wg), Access: engine.Acquire, Word: engine.Word32, Ready: s})
	if waits && s.ends-ends > 1 {
		panic("sync: WaitGroup is reused before previous Wait has returned")
	}
}

// Go calls f in a new goroutine, and counts it as a task until f returns. f must not panic.
func (wg *WaitGroup) Go(f func()) {
	wg.Add(1)
	hook.Go(func() {
		defer func() {
			if p := recover(); p != nil && !engine.Exits(p) {
				panic(p) // before Done lets others go on
			}
			wg.Done()
		}()
		f()
	})
}
