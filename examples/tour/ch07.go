// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch07 = chapter{dir: "ch07", title: "The processor", programs: []example{
	{
		name:  "assembly",
		shows: "which instructions an atomic operation is made of: it reads its own code",
		after: "On amd64 an atomic load is a plain MOV, and an atomic store is an exchange. Or is one LOCK OR, and a loop if\n" +
			"its result is used. arm64 has LDAR and STLR, and two forms of each other operation.",
	},
	{
		name:  "llsc",
		shows: "the loop of load-linked and store-conditional on arm64, and the one instruction that replaces it",
		after: "STLXR stores only if no other core has written the word since LDAXR. It may fail spuriously, hence the loop.\n" +
			"It notices a word that was changed and changed back, which a compare-and-swap cannot.",
	},
	{
		name:  "cost",
		shows: "what one operation costs without contention",
		after: "On amd64 all operations with a LOCK prefix cost about the same, and so do a Store and a CompareAndSwap that\n" +
			"fails: some nanoseconds, many times a plain load. A mutex takes two of them.",
		draws: true,
	},
	{
		name:  "mesi",
		shows: "the protocol of the caches: which core has a copy of a line, and when cores exchange messages",
		after: "Reading together and writing alone are free after the first time. Writing where others read\n" +
			"costs a message each. A waiter that only reads sends no message until the lock changes hands.",
		draws: true,
	},
	{
		name:  "contention",
		shows: "what an operation costs while another core uses the same cache line",
		after: "Loads do not disturb loads. Stores do, and so does a CompareAndSwap that fails and changes nothing,\n" +
			"or a store to the word next to it. It is mesi, measured.",
		draws: true,
	},
	{
		name:  "falsesharing",
		shows: "two goroutines with a word each, and the words farther and farther apart",
		after: "Within one cache line the two slowed each other down as if they had shared a word. At a distance of a\n" +
			"line or more they did not.",
		draws: true,
	},
	{
		name:  "reordering",
		shows: "a spin lock without memory ordering: right on amd64, wrong on arm64",
		after: "amd64 keeps stores in order and has no weaker exchange, so it hides the bug. arm64 may let the\n" +
			"addition out of the critical section: acquire and release are not decoration.",
	},
}}
