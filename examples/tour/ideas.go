// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

// An idea is one of the last chapter's, with what osync built from it.
type idea struct {
	Name     string
	Programs []string // under examples
	Built    string
	See      []string // packages, pages and folders, from the root of the repository
}

// ideas are those of the book's last chapter in its order, and then those that osync added.
var ideas = []idea{
	{
		"semaphore",
		[]string{"ch10/semaphore"},
		"locks.Semaphore has weights, FIFO order and waits that end; shared.Semaphore gets its permits back from a process that dies",
		[]string{"locks", "locks/shared"},
	},
	{
		"read, copy, update",
		[]string{"ch10/rcu"},
		"nothing: an atomic.Pointer and Go's collector are all of it; guard.RWMutex is for values that change in place",
		[]string{"locks/guard"},
	},
	{
		"lock-free linked list",
		[]string{"ch10/lockfreelist"},
		"not built; package explore checks the one of the chapter: it runs its test in every order of the goroutines' steps",
		[]string{"explore"},
	},
	{
		"queue-based locks",
		[]string{"ch10/mcs", "ch10/clh"},
		"spin.MCSLock is the queue lock of MCS; the waiters of locks.FairMutex are served in the same FIFO order, and sleep",
		[]string{"locks/spin", "locks"},
	},
	{
		"locks on a parking lot",
		[]string{"ch10/parkinglot"},
		"package park, on which every lock of package locks is built, and any lock of your own can be",
		[]string{"locks/park", "locks", "docs/writing-a-lock.md"},
	},
	{
		"sequence lock",
		[]string{"ch10/seqlock"},
		"guard.SeqLock, for any type without pointers",
		[]string{"locks/guard"},
	},
	{
		"teaching materials", nil,
		"this tour; the timeline, a picture of a contended lock; and the explorer, which prints the schedule that breaks a lock",
		[]string{"explore", "docs/checking-a-lock.md", "examples/timeline", "examples/historical"},
	},
	{
		"biased readers",
		[]string{"ch10/biased"},
		"locks.BiasedRWMutex, for many readers on many processors",
		[]string{"locks"},
	},
	{
		"locks between processes",
		[]string{"ch08/robust"},
		"package shared, whose locks survive a process that is killed and tell the next owner",
		[]string{"locks/shared", "docs/shared.md", "examples/shared/ring"},
	},
	{
		"a lock that answers questions", nil,
		"package watch: who waits for which lock, since when, and because of whom",
		[]string{"locks/watch", "docs/watching.md", "examples/watch/stuck"},
	},
}
