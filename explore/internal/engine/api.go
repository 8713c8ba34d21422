// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import "unsafe"

// An Access is the way in which a step uses an object. Two steps of different threads are dependent, which means that
// their order matters, if they use the same object and their accesses conflict.
type Access uint8

const (
	Local         Access = iota // uses no object
	Read                        // changes nothing: a load, a compare-and-swap that fails
	Write                       // a step that sees the object and changes it: an add, a swap, a try that succeeds
	Store                       // a write that does not see what was there before
	Rewrite                     // a write of the value already there, such as a swap in a spin loop: it orders memory, and changes nothing else
	Acquire                     // waits until the object is free, and acquires it: Mutex.Lock
	Release                     // releases what Acquire acquired
	AcquireShared               // waits, and acquires the object together with others: RWMutex.RLock
	ReleaseShared               // releases what AcquireShared acquired
)

// conflicts reports whether the order of two accesses to one object matters. Reads commute. So do the uses of
// a shared lock: acquiring and releasing it changes a count that other users of that kind do not see. A read, such as a
// try that fails, can see the count.
func conflicts(a, b Access) bool {
	return a.isWrite() || b.isWrite() || a.isShared() != b.isShared()
}

func (a Access) isShared() bool { return a == AcquireShared || a == ReleaseShared }

// changes reports whether the step can change the value that others read.
func (a Access) changes() bool { return a != Read && a != Rewrite }

func (a Access) isWrite() bool { return a != Read && a != Local && !a.isShared() }

// mayBeCoEnabled reports whether there can be a state in which both steps are possible. A step that acquires an object
// is not possible while another thread is about to release that object.
func mayBeCoEnabled(earlier, later Access) bool {
	release := earlier == Release || earlier == ReleaseShared
	acquire := later == Acquire || later == AcquireShared
	return !(release && acquire)
}

// A Word is the kind of word at the address of a step, so that the trace can show its value and the engine can restore
// the value when the execution is over.
type Word uint8

const (
	NoWord      Word = iota // no word that the engine can read
	Word32                  // a uint32
	Word64                  // a uint64
	WordPointer             // an unsafe.Pointer
)

// at returns the value of the word at p.
func (w Word) at(p unsafe.Pointer) uint64 {
	switch w {
	case Word32:
		return uint64(*(*uint32)(p))
	case Word64:
		return *(*uint64)(p)
	case WordPointer:
		return uint64(uintptr(*(*unsafe.Pointer)(p)))
	}
	return 0
}

// A Readier is the condition that a step waits for.
type Readier interface {
	// Ready reports whether the step can be taken. It is called often, also during other threads' steps, and must
	// neither change anything nor take a step itself.
	Ready() bool
}

// An Op is a step that a thread is about to take.
type Op struct {
	Name   string         // as the table shows it: "Load", "Mutex.Lock"
	Addr   unsafe.Pointer // the object; the engine keeps it alive until the end of the execution
	Access Access
	Word   Word
	// Compare makes the step a compare-and-swap of a word: a Write if the word is Old, else a Read.
	Compare bool
	Old     uint64 // the value to compare with; for a pointer, its address
	// Same makes the step a store of Old in a word: a Rewrite if the word is already Old. So a loop that swaps until it
	// gets a different value is a spin loop.
	Same bool
	// Ready is nil if the step can always be taken.
	Ready Readier
	// Try makes the step one that does not wait for Ready: it is a Read if Ready reports false.
	Try bool
	// More are further objects that the step uses in the same way as Addr, as a select does.
	More []unsafe.Pointer
	// Then are further objects that the step writes, but only if the word is Old. The step is a Read of the word that
	// compares it with Old.
	Then []unsafe.Pointer
	// Relaxed means that the step does not order memory.
	Relaxed bool
}

// kind returns the access of the step if it is taken now.
func (op *Op) kind() Access {
	switch {
	case op.Same && op.Word.at(op.Addr) == op.Old:
		return Rewrite
	case op.Compare && op.Word.at(op.Addr) != op.Old, op.Try && !op.Ready.Ready():
		return Read
	}
	return op.Access
}

// waits reports whether the step cannot be taken now.
func (op *Op) waits() bool { return op.Ready != nil && !op.Try && !op.Ready.Ready() }

// matches reports whether the step compares and the word is Old now.
func (op *Op) matches() bool { return op.Compare && op.Word.at(op.Addr) == op.Old }
