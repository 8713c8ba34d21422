// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch02 = chapter{dir: "ch02", title: "Atomics", programs: []example{
	{
		name:  "stopflag",
		shows: "how soon a worker stops after the flag is set",
		after: "The worker checked the flag between two pieces of work. A sleeping worker checks nothing:\n" +
			"the context's channel woke it.",
	},
	{
		name:  "progress1",
		shows: "a worker's progress, polled every 5 ms",
		after: "The worker stored a number, and main loaded it every 5 ms: cheap, and always a little late.",
	},
	{
		name:  "progress2",
		shows: "a worker's progress, with a wake-up for each step",
		after: "A wake-up followed each store, and the wait compared the word first: no step was missed,\n" +
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
		after: "Each goroutine that found the word empty computed the value, and all of them stored the same one.\n" +
			"With sync.OnceValue one goroutine computed it and the others waited.",
	},
	{
		name:  "fetch",
		shows: "what each operation returns: the old value or the new one",
		after: "Go's Add returned the new value, And, Or and Swap the old one. The largest number plus one was 0,\n" +
			"silently. Operations that Go lacks, such as a maximum, are loops around CompareAndSwap.",
	},
	{
		name:  "statistics",
		shows: "reads of two numbers that belong together",
		after: "Two atomics were each right, but a reader saw them at different moments.\n" +
			"Under a lock, or in a SeqLock, every read was a consistent snapshot.",
	},
	{
		name:  "ids1",
		shows: "IDs from a counter, and the end of the numbers",
		after: "Each ID had one owner until the counter wrapped around: then 0 had two.",
	},
	{
		name:  "ids2",
		shows: "IDs that end at half of the numbers",
		after: "Beyond the limit every call failed, and still incremented the counter. The other half of the\n" +
			"range is the margin in which the program has to end.",
	},
	{
		name:  "ids3",
		shows: "where the counter stands after thousands of failures",
		after: "A call that got too large a number undid its increment, so the counter never exceeded the limit\n" +
			"by more than the number of goroutines that were inside New.",
	},
	{
		name:  "ids4",
		shows: "the last ID, and a counter that stays at the limit",
		after: "Compare-and-swap checks the limit before it increments, so the whole range could be used.",
	},
	{
		name:  "casloop",
		shows: "the tries for each step, quick and slow",
		after: "Load, compute, swap if the word is unchanged, else retry: each failed try was another's success.\n" +
			"A slow step failed more often. The swap compares values, so it cannot notice a change and a change back.",
	},
	{
		name:  "keygen",
		shows: "in how many races two users of one key got different ones",
		after: "With Load and Store a late key replaced one that others had begun to use.\n" +
			"CompareAndSwap kept the first, and the losers took it.",
	},
}}
