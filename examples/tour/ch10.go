// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch10 = chapter{dir: "ch10", title: "Ideas", ideas: ideas, programs: []example{
	{
		name:  "semaphore",
		shows: "a counting semaphore of one word, beside a channel and locks.Semaphore",
		after: "The number of goroutines inside never exceeded the units. With park.Wait a goroutine sleeps on the\nword itself; locks.Semaphore adds weights, FIFO order and contexts.",
	},
	{
		name:  "rcu",
		shows: "read, copy, update: readers follow a pointer, writers replace it",
		after: "No read was torn, no update lost, and no writer waited for a reader: the collector\nkeeps an old version for as long as a reader uses it. It is an atomic.Pointer and a loop.",
	},
	{
		name:  "lockfreelist",
		shows: "a sorted list without a lock: a node is marked first and unlinked later",
		after: "For each key the balance is right. In C the same list needs tags against reuse (ABA) and a\nway to free nodes; the collector does away with both.",
	},
	{
		name:  "mcs",
		shows: "a queue lock: each waiter spins on a word of its own",
		after: "Ten waiters got the lock in FIFO order.\nspin.MCSLock is this lock; locks.FairMutex is FIFO, too, and its waiters sleep.",
	},
	{
		name:  "clh",
		shows: "the other queue lock: each waiter spins on its predecessor's node",
		after: "The same order with no links between the nodes: an Unlock leaves with the\nnode of its predecessor.",
	},
	{
		name:  "parkinglot",
		shows: "the queues of all locks in one table, and a lock of one word on top",
		after: "A lock takes four bytes when its queue is elsewhere, and the table is empty without\nwaiters. Package park is the finished form: deadlines, pinned threads, no allocation.",
	},
	{
		name:  "seqlock",
		shows: "readers that write nothing, and retry if a writer came between",
		after: "Reads that overlapped a write were discarded, and none of the others was torn.\nguard.SeqLock does it for any type without pointers.",
	},
	{
		name:  "biased",
		shows: "readers that announce themselves on separate cache lines",
		after: "The lock is for concurrent readers on many processors; on two of them sync.RWMutex is as good.\nWriters pay: they check each slot. locks.BiasedRWMutex is the finished form.",
		draws: true,
	},
}}
