// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package locktest checks that a lock fulfills its contract: that of package sync, and that of osync's additional
// methods (TryLockFor, LockContext and so on, found by type assertion).
//
//	func TestMutex(t *testing.T) {
//		locktest.Mutex(t, func() sync.Locker { return new(locks.Mutex) })
//	}
//
// Every check runs once for each way of starting its workers: as goroutines, as goroutines
// locked to their thread, and as both in turn; [Workers] adds more ways. No check depends on how the lock works, and
// none depends on the passing of time, except to report after a minute that a wait has not ended. The package's own
// tests run the suites over package sync, and over locks that are broken on purpose.
//
// Tests outside the suites use the parts of the suites: [EachCrew] runs a test with each kind of worker, [Eventually]
// waits for a fact, [Panics] expects a panic. A package lists the waits of its types as [Wait] values, which [Scale],
// [Durable] and others check. A [Play] compares a lock with a model, and is the body of a fuzzer.
//
// A package whose tests can hang has a TestMain that calls [Main], which ends the program when nothing
// moves for a minute; the flag -locktest.patience sets how long.
//
// The random seed is in the log of each check; the flag -locktest.seed sets it.
package locktest
