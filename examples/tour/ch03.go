// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch03 = chapter{dir: "ch03", title: "Memory ordering", programs: []example{
	{
		name:  "storebuffer",
		shows: "how often two threads that each store and then load both load the old value",
		after: "A plain store can wait in its CPU's store buffer while the later load completes: no order of the four\n" +
			"steps explains that. A fence between the two, or Go's atomics, made it impossible.",
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
		after: "The readers never disagreed on the order of the writes: a store becomes visible to all other CPUs\n" +
			"at once, and the loads stayed in order.",
	},
	{
		name:  "coherence",
		shows: "whether a reader sees an older value after a newer one",
		after: "All threads see the values of a single word in one order, even with plain instructions. That is all a\n" +
			"relaxed atomic promises; the other programs are about several words.",
	},
	{
		name:  "publish",
		shows: "seven ways to hand a plain value over",
		after: "Each way made the writes before it visible to the reads after it. The race detector knows all\n" +
			"of them: run this program with -race, and it stays silent.",
	},
	{
		name:  "lock",
		shows: "letters that four goroutines append to one text, guarded by a flag",
		after: "The swap of the flag acquired the text, the store of false released it: no letter was lost.\n" +
			"Chapters 4 and 9 replace the busy waiting.",
	},
	{
		name:  "lazyptr",
		shows: "how many tables eight users made, and that they use one",
		after: "The swap of the pointer published the table behind it. The collector frees the tables of the losers.",
	},
	{
		name:  "seqcst",
		shows: "two sides that each raise a flag, and enter if the other's flag is down",
		after: "This has the shape of storebuffer. As all of Go's atomics are in one order, at least one side saw\n" +
			"the other's flag, and the two never entered together.",
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
		after: "A plain store goes to the store buffer, and the CPU continues. A full fence, or an exchange, waits until the store is visible.",
		draws: true,
	},
	{
		name:  "membarrier",
		shows: "a fence that one side issues for both, and its cost",
		after: "The frequent side had no fence, and the reordering was gone: the kernel made its CPU execute\n" +
			"one. An ordinary fence on the rare side orders only its own CPU. The system call took microseconds.",
	},
}}
