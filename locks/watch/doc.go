// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package watch answers who waits for which lock, since when, and because of whom.
//
// It sees the waits of every lock that is built on package park: those of packages locks, guard and
// thread, and locks of your own, with or without a limit, of goroutines and of pinned threads. It does not
// see waits in package sync, for channels, in packages spin and native, and in other processes.
//
//   - [Waits], [WaitsWithStacks] and the profile osync.waits of runtime/pprof list the waits that last.
//   - [SetContentionFraction] and the profile osync.contention say which unlocks have kept others waiting.
//   - [OnSlow] is told of waits that last too long, and of who has ended them.
//   - [Name] gives names to locks; [Figures] and [Vars] count the waits for locks with a name.
//   - [Handler] is a web page of all that.
//   - An execution trace (runtime/trace) has a region for each wait.
//   - With the build tag osync_debug mistakes in the use of locks are reported; see [Mistake] and [OnMistake].
//
// docs/watching.md in the repository finds a stuck program, a slow one and a deadlock with these, step by step.
//
// A program that imports watch pays a few nanoseconds for each wait for a lock, and some tens for each wait
// for a condition, which looks at the clock. Locks that need not wait are as fast as without it.
package watch
