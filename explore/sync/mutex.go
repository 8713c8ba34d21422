// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package sync

import (
	"sync"
	"unsafe"

	"github.com/osync-go/osync/explore/internal/engine"
)

// A Locker is sync.Locker.
type Locker = sync.Locker

// A Mutex is a mutual exclusion lock.
type Mutex struct {
	m sync.Mutex
}

// word returns the word of m that an exploration uses: 0 while m is unlocked, 1 while it is locked. It is
// the first word of a sync.Mutex, in which these values have the same meaning.
func (m *Mutex) word() *uint32 { return (*uint32)(unsafe.Pointer(m)) }

// An unlocked is the state that Mutex.Lock waits for.
type unlocked Mutex

func (m *unlocked) Ready() bool { return *(*Mutex)(m).word() == 0 }

// Lock locks m. It blocks until m is available.
func (m *Mutex) Lock() {
	t := engine.Self()
	if t == nil {
		m.m.Lock()
		return
	}
	t.Step(&engine.Op{
		Name: "Mutex.Lock", Addr: unsafe.Pointer(m), Access: engine.Acquire, Word: engine.Word32, Ready: (*unlocked)(m),
	})
	*m.word() = 1
}

// TryLock locks m if it is unlocked, and reports whether it did.
func (m *Mutex) TryLock() bool {
	t := engine.Self()
	if t == nil {
		return m.m.TryLock()
	}
	if !t.StepCompare(&engine.Op{
		Name: "Mutex.TryLock", Addr: unsafe.Pointer(m), Access: engine.Write, Word: engine.Word32, Compare: true,
	}) {
		return false
	}
	*m.word() = 1
	return true
}

// Unlock unlocks m, which must be locked.
func (m *Mutex) Unlock() {
	t := engine.Self()
	if t == nil {
		m.m.Unlock()
		return
	}
	t.Step(&engine.Op{Name: "Mutex.Unlock", Addr: unsafe.Pointer(m), Access: engine.Release, Word: engine.Word32})
	if *m.word() == 0 {
		t.Fail("misuse", "sync: unlock of unlocked mutex")
	}
	*m.word() = 0
}
