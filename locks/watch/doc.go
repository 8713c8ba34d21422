// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package watch answers who waits for which lock, since when, and because of whom.
//
// It sees the waits of every lock that is built on package park: those of packages locks, guard and
// thread, and locks of your own, with or without a limit, of goroutines and of pinned threads. It does not
// see waits in package sync, for channels, in packages spin and native, and in other processes.
//
// A program that imports watch pays a few nanoseconds for each wait for a lock, and some tens for each wait
// for a condition, which looks at the clock. Locks that need not wait are as fast as without it.
package watch
