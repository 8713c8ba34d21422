// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package held finds mistakes in the use of locks, with the build tag osync_debug. It knows which goroutine
// holds which lock, and in which orders locks were locked. Without the tag it is empty, and no lock calls it.
//
// # Holders
//
// Each goroutine has a list of the locks that it holds, which no other goroutine changes but one that unlocks a
// lock of it. So an uncontended lock and unlock write no memory that goroutines share. The list hangs at the
// address of the runtime's record of the goroutine. When a later goroutine gets the record, which shows in its
// number, it takes the list over. So there are no more lists than records.
//
// # Instances and classes
//
// An instance is what is known of a lock, from its first lock until it is garbage. A weak pointer tells
// whether the lock at the address is still the same.
//
// A class is a kind of lock: those with one name, or those that are locked at one place in the program. A program
// that locks two classes in both orders can block forever, even if it was never the same two locks, nor at the
// same time. All places at which one lock is locked make one class, since one method of a type locks it here and
// another one there. Places are looked at when a lock is locked for the first times, then ever more seldom, and
// whenever an order of classes is new. The order of locks of one class, such as accounts that are sorted before
// they are locked, is known by instance.
//
// The edges of a cycle that was reported make no other cycle, so that one wrong line is not reported for each
// cycle that it is part of.
//
// # The race detector
//
// What goroutines share here must not look like an order between them to the race detector, or it would miss races
// of the program. So it is told to look away, and functions that read or write such memory are not instrumented.
// They use no map and no package that is: maps report to the race detector in any case.
package held
