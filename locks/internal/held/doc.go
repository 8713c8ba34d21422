// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package held detects mistakes in the use of locks, with the build tag osync_debug. It tracks which
// goroutine holds which lock, and in which orders locks were locked. Without the tag it is empty, and no lock
// calls it.
//
// # Holders
//
// Each goroutine has a list of the locks that it holds. Only that goroutine changes the list, except that any
// goroutine may remove a lock that it unlocks. So an uncontended lock and unlock write no memory that
// goroutines share. The list is found by the address of the runtime's record of the goroutine. When a later
// goroutine gets the record, which its number shows, it takes the list over. So there are no more lists than
// records.
//
// # Instances and classes
//
// An instance is the data about a lock, from its first lock until it is garbage. A weak pointer tells
// whether the lock at the address is still the same.
//
// A class is a kind of lock: those with one name, or those that are locked at one place in the program. A program
// that locks two classes in both orders can block forever, even if they were never the same two locks, nor locked
// at the same time. All places at which one lock is locked make one class, since the methods of a type lock it at
// different places. The place is determined for the first locks of each lock, then less and less often, and
// whenever an order of classes is new. The order of locks of one class, such as accounts that are sorted before
// they are locked, is recorded by instance.
//
// The edges of a reported cycle are not part of later cycles, so that one wrong line is not reported for each
// of its cycles.
//
// # The race detector
//
// The memory that goroutines share here must not look like an ordering between them to the race detector, or it
// would miss races of the program. So the race detector is disabled, and functions that read or write such memory
// are not instrumented. They do not use maps, which always report to the race detector, nor instrumented packages.
package held
