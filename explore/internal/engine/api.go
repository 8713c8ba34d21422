// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import "unsafe"

// An Access says how a step uses an object. Two steps of different threads are dependent, so that their
// order matters, if they use the same object and their accesses conflict.
type Access uint8

const (
	Local         Access = iota // uses no object
	Read                        // changes nothing: a load, a compare-and-swap that fails
	Write                       // a step that sees the object and changes it: an add, a swap, a try that succeeds
	Store                       // a write that does not see what was there before
	Rewrite                     // a write of the value that is there, as a swap of a spin loop: it orders memory, and changes nothing else
	Acquire                     // waits until the object is free, and takes it: Mutex.Lock
	Release                     // gives up what Acquire has taken
	AcquireShared               // waits, and takes the object together with others: RWMutex.RLock
	ReleaseShared               // gives up what AcquireShared has taken
)

// conflicts reports whether the order of two accesses to one object matters. Reads commute. So do the uses of
// a shared lock: to take it, and to give it up, changes a number of which other users of that kind do not see
// anything. A read, such as a try that fails, may see it.
func conflicts(a, b Access) bool {
	return a.isWrite() || b.isWrite() || a.isShared() != b.isShared()
}

func (a Access) isShared() bool { return a == AcquireShared || a == ReleaseShared }

// changes reports whether what others read may be another value after the step.
func (a Access) changes() bool { return a != Read && a != Rewrite }

func (a Access) isWrite() bool { return a != Read && a != Local && !a.isShared() }

// mayBeCoEnabled reports whether there can be a state in which both steps are possible. A step that waits
// until it can acquire something is not where another thread is about to release that.
func mayBeCoEnabled(earlier, later Access) bool {
	release := earlier == Release || earlier == ReleaseShared
	acquire := later == Acquire || later == AcquireShared
	return !(release && acquire)
}

// A Word says what stands at the address of a step, so that the trace can show its value and the
// engine can put the value back when the execution is over.
type Word uint8

const (
	NoWord      Word = iota // nothing that the engine can read
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

// A Readier is what a step waits for.
type Readier interface {
	// Ready reports whether the step can be taken. It is called often, also by other threads' steps,
	// and must not change anything nor take a step itself.
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
	Old     uint64 // what the word must be; a pointer's address if it is a pointer
	// Same makes the step one that stores Old in a word: a Rewrite if the word is Old already. So a loop that swaps
	// until it gets another value is a spin loop.
	Same bool
	// Ready is nil if the step can always be taken.
	Ready Readier
	// Try makes the step one that need not wait for Ready: it is a Read if Ready reports false.
	Try bool
	// More are further objects that the step uses as it uses Addr, as a select does.
	More []unsafe.Pointer
	// Then are further objects that the step writes, but only if the word is Old. The step compares, and is
	// a Read of the word.
	Then []unsafe.Pointer
	// Relaxed lets the step order no memory.
	Relaxed bool
}

// kind returns the access of the step, if it is taken now.
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

// matches reports whether the step compares and would find the word to be Old now.
func (op *Op) matches() bool { return op.Compare && op.Word.at(op.Addr) == op.Old }
