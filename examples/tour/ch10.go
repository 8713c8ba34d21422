// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch10 = chapter{dir: "ch10", title: "Ideas", ideas: ideas, programs: []example{
	{
		name:  "semaphore",
		shows: "a counting semaphore of one word, beside a channel and locks.Semaphore",
		after: "Never more inside than there are units. With park.Wait the word itself is the place to\nsleep; locks.Semaphore adds weights, first come first served, and contexts.",
	},
	{
		name:  "rcu",
		shows: "read, copy, update: readers follow a pointer, writers replace it",
		after: "No read was torn, no update lost, and nobody waited for a reader: the collector keeps\nan old version for as long as somebody looks at it. It is an atomic.Pointer and a loop.",
	},
	{
		name:  "lockfreelist",
		shows: "a sorted list without a lock: marked first, unlinked after",
		after: "The books balance for each key. In C the same list needs tags against reuse (ABA) and a\nway to free nodes; the collector does away with both.",
	},
	{
		name:  "mcs",
		shows: "a queue lock: each waiter looks at a word of its own",
		after: "Ten waiters were served in the order in which they came.\nspin.MCSLock is this lock; locks.FairMutex has the order, too, and its waiters sleep.",
	},
	{
		name:  "clh",
		shows: "the other queue lock: each waiter looks at the one before it",
		after: "The same order with no links between the nodes: each leaves with the node of the one\nbefore it.",
	},
	{
		name:  "parkinglot",
		shows: "the queues of all locks in one table, and a lock of one word on top",
		after: "A lock is four bytes when its queue is elsewhere, and the table is empty when nobody\nwaits. locks/park is the grown-up form: deadlines, pinned threads, no allocation.",
	},
	{
		name:  "seqlock",
		shows: "readers that write nothing, and read again if a writer came between",
		after: "Reads that met a writer were thrown away, and none that was kept was torn.\nguard.SeqLock does it for any type without pointers.",
	},
	{
		name:  "biased",
		shows: "readers that mark themselves on cache lines of their own",
		after: "Made for many processors that read at once; on two of them sync.RWMutex is as good.\nWriters pay: they visit each slot. locks.BiasedRWMutex is the finished form.",
		draws: true,
	},
}}
