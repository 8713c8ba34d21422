// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package watch reports which goroutines wait for which locks, for how long, and because of which
// other goroutines.
//
// It sees the waits of every lock that is built on package park: those of packages locks, guard and
// thread, and user-defined locks, with or without a limit, of goroutines and of pinned threads. It does
// not see waits in package sync, for channels, in packages spin and native, or in other processes.
//
//   - [Waits], [WaitsWithStacks] and the profile osync.waits of runtime/pprof list the current waits.
//   - [SetContentionFraction] and the profile osync.contention show which unlocks have kept others
//     waiting.
//   - [OnSlow] calls a function with waits that last too long, and the goroutines that ended them.
//   - [Name] gives names to locks; [Figures] and [Vars] count the waits for locks with a name.
//   - [Handler] serves a web page with all of that.
//   - An execution trace (runtime/trace) has a region for each wait.
//   - With the build tag osync_debug, mistakes in the use of locks are reported; see [Mistake] and
//     [OnMistake].
//
// The page docs/watching.md in the repository uses these, step by step, to diagnose a stuck program, a slow one
// and a deadlock.
//
// A program that imports watch pays a few nanoseconds for each wait for a lock, and some tens of
// nanoseconds for each wait for a condition, which reads the clock. Uncontended locks are as fast as
// without it.
package watch
