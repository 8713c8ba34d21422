// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch01 = chapter{dir: "ch01", title: "Basics of concurrency", programs: []example{
	{
		name:  "spawn",
		shows: "the numbers of the threads: shared by goroutines, one for each spawned thread",
		after: "The Go scheduler ran the goroutines on whatever threads it had at hand.\n" +
			"thread.Spawn gave each function a thread of its own. Wait and Join made the results safe to read.",
	},
	{
		name:  "results",
		shows: "three ways to return a result, and what becomes of a panic",
		after: "Separate variables, a channel, and Join returned the results.\n" +
			"In a goroutine that division by zero would have ended the program; Join returned it as an error.",
	},
	{
		name:  "scope",
		shows: "threads that use their caller's variables, and how their failures come back",
		after: "After the scope the variables were the caller's alone again. A WaitGroup does that, too;\n" +
			"thread.Scope also joined the errors of all threads, and carried a panic over.",
	},
	{
		name:  "shared",
		shows: "when a value that two goroutines share is freed",
		after: "No code counted the owners. The collector found the value alive as long as a goroutine\n" +
			"could reach it, and freed it after that.",
	},
	{
		name:  "interior",
		shows: "what the compiler accepts, and four ways to share a counter",
		after: "Two pointers led to one variable, and a method changed a copy: Go allows both.\n" +
			"An atomic, a mutex, a guarded value and an owner behind a channel each kept the count.",
	},
	{
		name:  "race",
		shows: "how many additions to a plain variable get lost",
		after: "Each goroutine wrote back what it had read, over what the other had written since.\n" +
			"The atomic counter lost nothing. The race detector finds the plain one: go run -race.",
		races: true,
	},
	{
		name:  "mutex",
		shows: "an account under a lock, and a panic in the middle of a transfer",
		after: "A thousand moves left the total as it was. After the panic the deferred Unlock had released\n" +
			"the lock, and the money was gone: Go does not poison locks, so restore the value before calling what can panic.",
	},
	{
		name:  "holding",
		shows: "the time of ten jobs, and how many ran at once",
		after: "With the lock held during each job they ran one after the other, without it in parallel.\n" +
			"A deferred Unlock runs at the end of the function: move the critical section to a function of its own.",
	},
	{
		name:  "rwlock",
		shows: "readers inside together, a writer alone, and new readers that wait behind a waiting writer",
		after: "Four readers met inside the lock, and none saw a write half done.\n" +
			"A waiting writer kept new readers out. A reader that locks again can therefore deadlock.",
	},
	{
		name:  "parking",
		shows: "how many items arrived, and how often the consumer had to park",
		after: "An Unpark before the Park left a permit, so the thread never missed an item.\n" +
			"The goroutine waited for a word to change: park.Wait compares and sleeps in one step.",
	},
	{
		name:  "condvar",
		shows: "how many wake-ups it took to hand over three thousand items",
		after: "The consumers checked the queue again after each wake-up, so spurious ones did no harm.\n" +
			"Wait released the mutex and fell asleep in one step, so no signal was missed.",
	},
}}
