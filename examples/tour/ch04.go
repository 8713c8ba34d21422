// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch04 = chapter{dir: "ch04", title: "A spin lock of our own", programs: []example{
	{
		name:  "spin1",
		shows: "one flag that is swapped until it was free: the smallest lock there is",
		after: "No addition to a plain int was lost, although eight goroutines made them:\nthe swap acquires what the store of the one before has released.",
	},
	{
		name:  "spin2",
		shows: "a waiter that only reads while the lock is held, with PAUSE between two looks",
		after: "Thousands of looks, but a write only when the lock was free. A read shares the flag's\ncache line, a write takes it away from the holder. internal/spin has the PAUSE.",
	},
	{
		name:  "spin3",
		shows: "the value inside its lock: Go's form of a guard is a function call",
		after: "With has locked, called and unlocked, and has unlocked although the function panicked.\nguard.Mutex is the same over a lock whose waiters sleep.",
	},
	{
		name:  "preempted",
		shows: "a holder that is stopped while all processors spin: the last row",
		after: "With a spin lock the waiters kept the holder from running, for whole time slices of 10 ms.\nIn Go use sync.Mutex or locks.Mutex: they spin too, but not for long. spin.Lock is\nfor threads that must not sleep, and no more of them than processors.",
		draws: true,
	},
}}
