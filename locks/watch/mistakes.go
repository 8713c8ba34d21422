// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch

import (
	"reflect"
	"time"
	"unsafe"
)

// A MistakeKind says what was wrong.
type MistakeKind string

// What is found with the build tag osync_debug.
const (
	// Inversion: locks are locked in different orders.
	Inversion MistakeKind = "lock order inversion"
	// SelfDeadlock: a goroutine waits for a lock that it holds itself, or calls Do of a Once inside of that Do.
	SelfDeadlock MistakeKind = "self-deadlock"
	// ReadTwice: a goroutine that holds a lock for reading locks it for reading again. A writer that comes
	// between the two blocks both.
	ReadTwice MistakeKind = "read lock twice"
	// NotOwner: a goroutine unlocks a lock that another one holds, without a [Transfer].
	NotOwner MistakeKind = "unlock by another goroutine"
	// Copied: a goroutine unlocks a lock that is locked, but that no goroutine has locked, as a copy of a locked lock is.
	Copied MistakeKind = "unlock of a lock that no goroutine has locked"
	// NotHeld: AssertHeld or AssertRHeld of a lock, or Wait of a Cond, by a goroutine that does not hold the lock.
	NotHeld MistakeKind = "lock is not held"
	// HeldLong: a lock is held for longer than the limit of [HeldFor].
	HeldLong MistakeKind = "held too long"
)

// A Mistake is a mistake in the use of locks. It is found in programs that are built with the tag
// osync_debug:
//
//	go test -tags osync_debug ./...
//
// Such a program knows which goroutine holds which of the locks of packages locks and guard, and in which
// orders they were locked. Each mistake is reported once, though it may be made many times. A report is
// written to the standard error, unless [OnMistake] says otherwise. A report changes nothing: the program
// goes on, or waits forever, as it would without the tag.
//
// # Orders
//
// A lock order inversion is found when it is possible; it need not block anything. One goroutine locks B
// while it holds A. Another time, perhaps much later and in the same goroutine, A is locked while B is
// held. Circles of more locks are found as well.
//
// Orders are those of classes, so that one run shows what can happen between all locks of a kind, such as
// the locks of all users and of all sessions. All locks with one [Name] are a class; give the name before
// the first lock. Of other locks, those of one type that are locked at the same line of the program, outside
// of osync, are a class. So a function that locks whatever it is passed, as a sync.Locker, makes one class of
// all. Locks of one class may be locked inside of each other, unless the same two are locked in both orders, or the
// same ones in a circle.
//
// A TryLock does not wait, so it may come in any order; what is locked inside of it must come in the right
// one. A wait with a limit counts as any other: an inversion blocks the goroutines until the limit. If two
// locks are only ever locked inside of a third one, their inversion is harmless, and reported all the same. After
// a report, no other circle with one of the same steps is reported: mend it first.
//
// # Copies
//
// A copy of a locked lock is found when it is unlocked. Copies of unlocked locks are not found; go vet finds
// most of them.
//
// # Cost
//
// A lock and unlock of a Mutex that need not wait takes about 4 times as long as without the tag, and 4.5 times
// while another lock is held. Each lock takes about 200 bytes from its first lock until it is garbage, and 2 µs at
// its first lock.
type Mistake struct {
	Kind  MistakeKind
	Locks []Lock // the locks of an inversion, in the order of the circle; the one lock of other kinds
	text  string
}

// String returns the report: what was done wrong, by which goroutines, with their stacks, and how to mend it.
func (m Mistake) String() string { return m.text }

// OnMistake calls f with each mistake that was not reported before, instead of writing it to the standard
// error, until restore is called. A test that fails with a mistake:
//
//	defer watch.OnMistake(func(m watch.Mistake) { t.Error(m) })()
//
// The goroutine that makes the mistake calls f, just before or after what is wrong, and holds its locks
// meanwhile. So f must not wait for locks of the program. Mistakes that f makes are not reported. If f
// panics before a lock is locked or unlocked, the panic comes out of that call, which leaves the lock as it was.
//
// Without the build tag osync_debug f is never called.
func OnMistake(f func(Mistake)) (restore func()) { return onMistake(f) }

// Transfer says that the caller hands a lock over, in whatever way it holds it: any goroutine may unlock it
// next. The caller is no longer the holder, and no order of locks counts for this hold. lock is a pointer to
// a lock, or to a struct that contains locks. Transfer does nothing if the caller holds none of them.
//
//	mu.Lock()
//	watch.Transfer(&mu)
//	go func() { defer mu.Unlock(); … }()
//
// Without the build tag osync_debug it does nothing.
func Transfer[T any](lock *T) { transfer(unsafe.Pointer(lock), reflect.TypeFor[T]().Size()) }

// HeldFor reports locks that are held for longer than limit, until restore is called: while they are held,
// with the stack of the holder, at most half of limit later, or when they are unlocked. It counts for holds
// that begin after the call, and makes each lock slower by about 0.6 µs. One limit counts at a time.
//
// In a bubble of testing/synctest the bubble's time counts, and a lock is reported when it is unlocked.
//
// Without the build tag osync_debug it does nothing.
func HeldFor(limit time.Duration) (restore func()) { return heldFor(limit) }
