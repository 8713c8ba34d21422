// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch04 = chapter{dir: "ch04", title: "A spin lock of our own", programs: []example{
	{
		name:  "spin1",
		shows: "one flag, swapped until the old value is false: the smallest lock there is",
		after: "No addition to a plain int was lost, although eight goroutines made them:\nthe swap acquires what the previous holder's store released.",
	},
	{
		name:  "spin2",
		shows: "a waiter that only reads while the lock is held, with PAUSE between two reads",
		after: "Thousands of reads, and a write only when the lock was free. A read shares the flag's\ncache line, a write takes it away from the holder. Package internal/spin has the PAUSE.",
	},
	{
		name:  "spin3",
		shows: "the value inside its lock: Go's form of a guard is a function call",
		after: "With locked, called the function and unlocked, also when the function panicked.\nguard.Mutex is the same with a lock whose waiters sleep.",
	},
	{
		name:  "preempted",
		shows: "a holder that is stopped while all processors spin: the last row",
		after: "The waiters of the spin lock kept the holder from running, for whole time slices of 10 ms.\nUse sync.Mutex or locks.Mutex in Go: they spin too, but not for long. spin.Lock is\nfor threads that must not sleep, and no more of them than processors.",
		draws: true,
	},
}}
