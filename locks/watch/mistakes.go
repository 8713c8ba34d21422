// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch

import (
	"reflect"
	"time"
	"unsafe"
)

// A MistakeKind is a kind of mistake.
type MistakeKind string

// The mistakes that are detected with the build tag osync_debug.
const (
	// Inversion: locks are locked in different orders.
	Inversion MistakeKind = "lock order inversion"
	// SelfDeadlock: a goroutine waits for a lock that it holds itself, or calls Do of a Once from within that
	// Do.
	SelfDeadlock MistakeKind = "self-deadlock"
	// ReadTwice: a goroutine that holds a lock for reading locks it for reading again. A writer that
	// arrives between the two calls waits for the first and blocks the second.
	ReadTwice MistakeKind = "read lock twice"
	// NotOwner: a goroutine unlocks a lock that another one holds, without a [Transfer].
	NotOwner MistakeKind = "unlock by another goroutine"
	// Copied: a goroutine unlocks a lock that is locked, but that no goroutine has locked, such as a copy of a locked
	// lock.
	Copied MistakeKind = "unlock of a lock that no goroutine has locked"
	// NotHeld: AssertHeld or AssertRHeld of a lock, or Wait of a Cond, by a goroutine that does not hold the lock.
	NotHeld MistakeKind = "lock is not held"
	// HeldLong: a lock is held for longer than the limit of [HeldFor].
	HeldLong MistakeKind = "held too long"
)

// A Mistake is a mistake in the use of locks. Mistakes are detected in programs that are built with
// the tag osync_debug:
//
//	go test -tags osync_debug ./...
//
// Such a program tracks which goroutine holds which of the locks of packages locks and guard, and in
// which orders they were locked. Each mistake is reported once, even if it occurs many times. Reports are
// written to the standard error, or passed to the function of [OnMistake]. A report has no other effect:
// the program continues, or waits forever, as it would without the tag.
//
// # Orders
//
// A lock order inversion is detected when it becomes possible, even if no goroutine blocks. One
// goroutine locks B while it holds A. At another time, perhaps much later and in the same goroutine, A
// is locked while B is held. Cycles of more locks are detected as well.
//
// Orders are recorded between classes of locks, so that one run shows what can happen between all locks of a kind,
// such as the locks of all users and of all sessions. All locks with one [Name] are a class; give the name before
// the lock is first locked. Locks without a name are in one class if they have the same type and are locked at the
// same line of the program, outside of osync. So a function that locks any sync.Locker that it is passed makes one
// class of all of them. Locks of one class may be nested, unless the same two are locked in both orders, or the
// same ones in a cycle.
//
// A TryLock does not wait, so it may be called in any order; locks that are taken while it is held must follow
// the order. A wait with a limit counts like any other: an inversion blocks the goroutines until the limit. If
// two locks are locked only while a third one is held, their inversion is harmless, but it is reported
// nevertheless. After a report, no other cycle with one of the same steps is reported, so fix the reported one
// first.
//
// # Copies
//
// A copy of a locked lock is detected when it is unlocked. Copies of unlocked locks are not detected; go vet
// finds most of them.
//
// # Cost
//
// An uncontended lock and unlock of a Mutex takes about 4 times as long as without the tag, and 4.5 times while
// another lock is held. Each lock takes about 200 bytes from its first lock until it is garbage, and 2 µs at its
// first lock.
type Mistake struct {
	Kind  MistakeKind
	Locks []Lock // the locks of an inversion, in the order of the cycle; the only lock for other kinds
	text  string
}

// String returns the report: the mistake, the goroutines that made it, with their stacks, and how to fix it.
func (m Mistake) String() string { return m.text }

// OnMistake calls f with each mistake that was not reported before, instead of writing it to the standard
// error, until restore is called. This makes a test fail if it makes a mistake:
//
//	defer watch.OnMistake(func(m watch.Mistake) { t.Error(m) })()
//
// The goroutine that makes the mistake calls f, just before or after the faulty operation, and holds its locks
// meanwhile. So f must not wait for locks of the program. Mistakes that f makes are not reported. If f panics
// before a lock is locked or unlocked, the panic propagates from that call, which leaves the lock as it was.
//
// Without the build tag osync_debug f is never called.
func OnMistake(f func(Mistake)) (restore func()) { return onMistake(f) }

// Transfer declares that the caller hands a lock over, in whichever mode it holds the lock: any goroutine
// may unlock it next. The caller is no longer the holder, and the order of this hold is not checked. lock is
// a pointer to a lock, or to a struct that contains locks. Transfer does nothing if the caller holds none of
// them.
//
//	mu.Lock()
//	watch.Transfer(&mu)
//	go func() { defer mu.Unlock(); … }()
//
// Without the build tag osync_debug it does nothing.
func Transfer[T any](lock *T) { transfer(unsafe.Pointer(lock), reflect.TypeFor[T]().Size()) }

// HeldFor reports locks that are held for longer than limit, until restore is called. A lock is reported
// while it is held, at most half of limit later and with the stack of the holder, or when it is unlocked.
// HeldFor applies to holds that begin after the call, and makes each lock slower by about 0.6 µs. Only one
// limit is in effect at a time.
//
// In a bubble of testing/synctest, limit is in the bubble's time, and a lock is reported when it is
// unlocked.
//
// Without the build tag osync_debug it does nothing.
func HeldFor(limit time.Duration) (restore func()) { return heldFor(limit) }
