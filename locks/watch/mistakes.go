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
	// SelfDeadlock: a goroutine waits for a lock that it holds itself, or calls Do of a Once inside of its own Do.
	SelfDeadlock MistakeKind = "self-deadlock"
	// ReadTwice: a goroutine that holds a lock for reading locks it for reading again. A writer that comes between the two
	// blocks both.
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

// A Mistake is a mistake in the use of locks. It is found in programs that are built with the tag osync_debug:
//
//	go test -tags osync_debug ./...
//
// In such a program it is known which goroutine holds which of the locks of packages locks and guard, and in which
// orders locks were locked. Each mistake is reported once, though it may be made many times. A report is written to the standard
// error, unless [OnMistake] says otherwise. The program goes on: a report changes nothing.
//
// # Orders
//
// A lock order inversion is found when it is possible, and need not happen: one goroutine locks B while it holds A, and
// another time, perhaps much later and in the same goroutine, A is locked while B is held. The orders are those of
// classes of locks, so that one run shows what can happen between all locks of them. A class is all locks with one [Name], or else those of one type that
// were first locked at the same line of the program. (A name is known if it is given before the first lock.) Locks of one class may be locked inside of each other, in any
// order, but no two of them in both orders, nor more of them in a circle.
//
// A TryLock does not wait, so it may come in any order; locks that are locked inside of it must come in theirs. Waits with a limit count as
// others: an inversion stops the goroutines until the limit. If two locks are only ever locked inside of a third one their inversion is harmless, and
// reported all the same.
//
// # Copies
//
// A copy of a locked lock is found when it is unlocked. Copies of unlocked locks are not found; go vet finds most of them.
//
// # Cost
//
// A lock and unlock that need not wait takes four to five times as long as without the tag, and every lock takes about 200 bytes from
// its first lock until it is garbage.
type Mistake struct {
	Kind  MistakeKind
	Locks []Lock // the locks of an inversion, in the order of the circle; the one lock of other kinds
	text  string
}

// String returns the report: what was done wrong, by which goroutines, with their stacks, and how to mend it.
func (m Mistake) String() string { return m.text }

// OnMistake calls f with each mistake that was not reported before, instead of writing it to the standard error. Then
// restore ends that. A test that fails with a mistake:
//
//	defer watch.OnMistake(func(m watch.Mistake) { t.Error(m) })()
//
// The goroutine that makes the mistake calls f, just before or after what is wrong, with the locks held that it holds. So f must
// not wait for locks of the program. Mistakes that f makes are not reported. If f panics, the panic comes out of the call
// of the lock, which it leaves as it was.
//
// Without the build tag osync_debug f is never called.
func OnMistake(f func(Mistake)) (restore func()) { return onMistake(f) }

// Transfer lets another goroutine unlock a lock, in whatever way the caller holds it: its next unlock is a mistake of nobody,
// whichever goroutine makes it. The caller is no longer the holder, and no order of locks counts for this hold. lock is a pointer to a lock, or to a
// struct that contains locks. It does nothing if the caller holds none of them.
//
//	mu.Lock()
//	watch.Transfer(&mu)
//	go func() { defer mu.Unlock(); … }()
//
// Without the build tag osync_debug it does nothing.
func Transfer[T any](lock *T) { transfer(unsafe.Pointer(lock), reflect.TypeFor[T]().Size()) }

// HeldFor reports, until restore is called, locks that are held for longer than limit: while they are held, within half of the limit more, with the
// stack of the holder, and otherwise when they are unlocked. It counts for locks that are locked from now on. It makes each lock about
// twice as expensive. In a bubble of testing/synctest the time of the bubble counts, and locks are only reported when they are unlocked.
//
// Without the build tag osync_debug it does nothing.
func HeldFor(limit time.Duration) (restore func()) { return heldFor(limit) }
