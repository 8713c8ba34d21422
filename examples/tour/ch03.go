// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch03 = chapter{dir: "ch03", title: "Memory ordering", programs: []example{
	{
		name:  "storebuffer",
		shows: "how often two threads that each store and then load both load the old value",
		after: "A plain store waited in its CPU's buffer while the load went ahead: no order of the four steps\n" +
			"explains it. A fence between, or Go's atomics, made it impossible.",
	},
	{
		name:  "message",
		shows: "how often a flag is seen without the data that was stored before it",
		after: "amd64 keeps the order of stores, and of loads. arm64 does so with release and acquire.\n" +
			"Go's atomics do on both, and for the compiler, too.",
	},
	{
		name:  "iriw",
		shows: "whether two readers see two independent writes in different orders",
		after: "Where each reader saw one of the writes they agreed which was first: a store reaches all CPUs\n" +
			"at once, and the loads were kept in order.",
	},
	{
		name:  "coherence",
		shows: "whether a reader sees one word go back",
		after: "A single word has one order of values for all, even with plain instructions. That is all a\n" +
			"relaxed atomic promises; the other programs are about several words.",
	},
	{
		name:  "publish",
		shows: "seven ways to hand a plain value over",
		after: "Each way made what was written before it visible after it. The race detector knows all\n" +
			"of them: run this program with -race, and it stays silent.",
	},
	{
		name:  "lock",
		shows: "letters that four goroutines append to one text, under a flag",
		after: "Swapping the flag acquired the text, storing false released it: no letter was lost.\n" +
			"The turns in vain are what chapters 4 and 9 do better.",
	},
	{
		name:  "lazyptr",
		shows: "how many tables eight users made, and that they use one",
		after: "The swap of the pointer published the table behind it. The losers left theirs to the collector.",
	},
	{
		name:  "seqcst",
		shows: "two sides that raise a flag and go in if the other's is down",
		after: "This has the shape of storebuffer. As all of Go's atomics are in one order, at least one side saw\n" +
			"the other's flag, and never did both go in.",
	},
	{
		name:  "fence",
		shows: "ten values read behind fewer fences",
		after: "One acquire fence served all flags that had been found by plain loads. It is a race to Go's memory\n" +
			"model, which has no fences; a curiosity here, and a tool in C and Rust.",
		races: true,
	},
	{
		name:  "fencecost",
		shows: "the time of a store with each kind of order",
		after: "A plain store is handed to the buffer and forgotten. A full fence, or an exchange, waits until all can see it.",
		draws: true,
	},
	{
		name:  "membarrier",
		shows: "a fence that one side has for both, and its cost",
		after: "The frequent side had no fence at all, and the reordering was gone: the kernel made its CPU\n" +
			"pass one. A fence of the rare side's own does not reach that far. The call took microseconds.",
	},
}}
