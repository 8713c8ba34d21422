// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch07 = chapter{dir: "ch07", title: "The processor", programs: []example{
	{
		name:  "assembly",
		shows: "which instructions an atomic operation is made of: it reads its own code",
		after: "An atomic load costs amd64 nothing, an atomic store is an exchange. Whether the old value is\n" +
			"used decides between LOCK OR and a loop. arm64 has LDAR and STLR, and each of the others twice.",
	},
	{
		name:  "llsc",
		shows: "the loop of load-linked and store-conditional on arm64, and the one instruction that replaces it",
		after: "STLXR stores only if nobody wrote the word since LDAXR. It may fail for no reason, hence the loop.\n" +
			"It notices a word that was changed and changed back, which a compare-and-swap cannot.",
	},
	{
		name:  "cost",
		shows: "what one operation costs when nobody else wants the word",
		after: "On amd64 whatever has a LOCK costs about the same, also a store and an exchange that fails:\n" +
			"some nanoseconds, twenty times a plain load. A mutex is two of them.",
		draws: true,
	},
	{
		name:  "mesi",
		shows: "the protocol of the caches: who has a copy of a line, and when cores must talk",
		after: "Reading together and writing alone are free after the first time. Writing where others read\n" +
			"costs a message each. Who spins by looking is quiet until the lock changes hands.",
		draws: true,
	},
	{
		name:  "contention",
		shows: "what an operation costs while another core is at the same line",
		after: "Loads do not disturb loads. Stores do, and so does a CompareAndSwap that fails and changes nothing,\n" +
			"or a store to the word next to it. It is mesi, measured; on a busy machine the noise is larger.",
		draws: true,
	},
	{
		name:  "falsesharing",
		shows: "two goroutines, two words that nobody shares, ever farther apart",
		after: "Within one cache line the two disturb each other as if they had shared a word. From the length of\n" +
			"a line on they do not: the step is at 64 or 128 bytes, if two cores were free to show it.",
		draws: true,
	},
	{
		name:  "reordering",
		shows: "a spin lock without memory ordering: right on amd64, wrong on arm64",
		after: "amd64 keeps stores in order and has no weaker exchange, so it hides the bug. arm64 may let the\n" +
			"addition out of the critical section: acquire and release are not decoration.",
	},
}}
