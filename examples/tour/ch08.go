// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch08 = chapter{dir: "ch08", title: "The operating system", programs: []example{
	{
		name:  "futex",
		shows: "the system call beneath locks: sleep while a word holds a value, and wake",
		after: "The kernel compared the word as it put the thread to sleep, so no wake could be missed. A wake\n" +
			"changes no word, so the sleeper checks it again. A wake without a sleeper is a wasted system call.",
	},
	{
		name:  "requeue",
		shows: "sleepers moved from a condition to a mutex, without waking them",
		after: "All sleepers moved, and none of them ran. Each unlock then woke one, which found the lock free: no thundering herd.",
	},
	{
		name:  "pi",
		shows: "a lock whose owner inherits the priority of its waiters",
		after: "The word named its owner, so the kernel knew whose priority to raise, detected the deadlock of a thread\n" +
			"with itself, and handed the lock to a waiter directly.",
	},
	{
		name:  "robust",
		shows: "a thread that dies while it holds a lock, and the error that the next owner gets",
		after: "The dying thread did nothing: the kernel knew what it held and marked it. The next owner repairs\n" +
			"what the lock guards.",
	},
	{
		name:  "pthread",
		shows: "the mutexes of POSIX, from the C library, without cgo",
		after: "One type with many attributes: the error-checking mutex reported both mistakes, the recursive one\n" +
			"counted, the robust one reported its owner's death. Each call crosses into C and back.",
	},
	{
		name:  "unfairlock",
		shows: "os_unfair_lock, the lock of macOS: four bytes that know their owner",
		after: "The thread that locks it must unlock it, so the goroutine stayed on its thread.",
	},
	{
		name:  "srwlock",
		shows: "SRWLOCK and CONDITION_VARIABLE, the slim locks of Windows",
		after: "A pointer's size, nothing to create, nothing to destroy: readers together, writers alone.",
	},
	{
		name:  "waitonaddress",
		shows: "the sizes of words that a thread can sleep on",
		after: "Linux, macOS and Windows all support four bytes, the size of osync's lock words.",
	},
}}
