// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch02 = chapter{dir: "ch02", title: "Atomics", programs: []example{
	{
		name:  "stopflag",
		shows: "how soon a worker stops after it was told",
		after: "The worker looked at the flag between two pieces of work. One that sleeps looks at nothing:\n" +
			"the context's channel woke it.",
	},
	{
		name:  "progress1",
		shows: "a worker's progress, looked at every 5 ms",
		after: "The worker stored a number, we loaded it when we liked: cheap, and always a little late.",
	},
	{
		name:  "progress2",
		shows: "a worker's progress, told at each step",
		after: "Each store was followed by a wake, and the wait compared the word first: no step was missed,\n" +
			"and the end was known at once.",
	},
	{
		name:  "progress3",
		shows: "the progress of several workers on one number",
		after: "With several writers Store would lose items. Add is one step, so the number came out right.",
	},
	{
		name:  "lazy",
		shows: "how often eight users together computed one value",
		after: "Those who found the word empty at the same time each computed, and stored the same value.\n" +
			"sync.OnceValue let one compute and the others wait.",
	},
	{
		name:  "fetch",
		shows: "what each operation returns: the old value or the new one",
		after: "Go's Add returned the new value, And, Or and Swap the old one. The largest number plus one was 0,\n" +
			"without a word. What Go lacks, such as a maximum, is made of CompareAndSwap.",
	},
	{
		name:  "statistics",
		shows: "looks at two numbers that belong together",
		after: "Two atomics were each right, but a reader saw them at different moments.\n" +
			"Under a lock, or in a SeqLock, every look was of one moment.",
	},
	{
		name:  "ids1",
		shows: "IDs from a counter, and the end of the numbers",
		after: "No two goroutines got one number, until the counter wrapped around: then 0 had two owners.",
	},
	{
		name:  "ids2",
		shows: "IDs that end at half of the numbers",
		after: "Beyond the limit every call failed, and still moved the counter on. The other half of the numbers\n" +
			"is the time left to end the program in.",
	},
	{
		name:  "ids3",
		shows: "where the counter stands after thousands of failures",
		after: "Who got too large a number took its step back, so the counter never got further than\n" +
			"one step for each goroutine that was in the middle of a call.",
	},
	{
		name:  "ids4",
		shows: "the last ID, and a counter that stays at the limit",
		after: "Compare-and-swap looks at the limit before it steps, so all numbers could be used.",
	},
	{
		name:  "casloop",
		shows: "the tries for each step, quick and slow",
		after: "Load, compute, swap if nobody came between, else again: each failed try was another's success.\n" +
			"A slow step failed more often. The swap compares values, and so cannot tell that 1 was 2 meanwhile.",
	},
	{
		name:  "keygen",
		shows: "in how many races two users of one key got different ones",
		after: "With Load and Store a late key replaced one that others had begun to use.\n" +
			"CompareAndSwap kept the first, and the losers took it.",
	},
}}
