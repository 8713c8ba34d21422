// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch08 = chapter{dir: "ch08", title: "The operating system", programs: []example{
	{
		name:  "futex",
		shows: "the system call beneath locks: sleep while a word holds a value, and wake",
		after: "The kernel compared the word as it put the thread to sleep, so no wake could be missed. A wake\n" +
			"changed no word: the sleeper looked again. A wake for nobody is a system call for nothing.",
	},
	{
		name:  "requeue",
		shows: "sleepers moved from a condition to a mutex, without waking them",
		after: "All were moved and none had run. Each unlock then woke one, which found the lock free: no herd.",
	},
	{
		name:  "pi",
		shows: "a lock whose owner inherits the priority of those who wait",
		after: "The word named its owner, so the kernel knew whose priority to raise, saw the deadlock of a thread\n" +
			"with itself, and handed the lock over by name.",
	},
	{
		name:  "robust",
		shows: "a thread that dies with a lock in its hands, and the next one, who is told",
		after: "The dying thread did nothing: the kernel knew what it held and marked it. The next owner repairs\n" +
			"what the lock guards.",
	},
	{
		name:  "pthread",
		shows: "the mutexes of POSIX, from the C library, without cgo",
		after: "One type with many attributes: the checking one found both mistakes, the recursive one counted, the\n" +
			"robust one told that its owner had died. Each call is a way into C and back.",
	},
	{
		name:  "unfairlock",
		shows: "os_unfair_lock, the lock of macOS: four bytes that know their owner",
		after: "Its owner must be the thread that unlocks it, so the goroutine stayed on its thread.",
	},
	{
		name:  "srwlock",
		shows: "SRWLOCK and CONDITION_VARIABLE, the slim locks of Windows",
		after: "A pointer's size, nothing to create, nothing to destroy: readers together, writers alone.",
	},
	{
		name:  "waitonaddress",
		shows: "how large the word may be that a thread sleeps on",
		after: "Four bytes is what Linux, macOS and Windows all have, and what osync's lock words are made of.",
	},
}}
