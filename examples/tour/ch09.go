// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch09 = chapter{dir: "ch09", title: "Locks of our own", programs: []example{
	{
		name:  "mutex1",
		shows: "the smallest mutex that sleeps: two states, a Wait and a Wake",
		after: "It is correct, but each Unlock calls Wake, even without a waiter. Where Wake is a system call,\n" +
			"that would be most of the cost of the lock.",
	},
	{
		name:  "mutex2",
		shows: "a third state: locked, with possible waiters",
		after: "Unlock calls Wake only if the word is 2. A woken waiter locks with 2 as well, since it cannot know\n" +
			"whether others still wait; the words above show it.",
	},
	{
		name:  "mutex3",
		shows: "a little spinning before the sleep",
		after: "A critical section often ends before a sleep would have begun. Spinning pays while another processor\n" +
			"runs the holder; with a single processor the lock does not spin.",
	},
	{
		name:  "cond1",
		shows: "a condition variable that is a counter",
		after: "Wait read the counter before it unlocked, so it could not miss a signal between unlock and sleep.",
	},
	{
		name:  "cond2",
		shows: "the same, with a count of waiters",
		after: "A Signal without waiters is a single load now. A Broadcast still makes all waiters fight for the lock.",
	},
	{
		name:  "rwlock1",
		shows: "a readers-writer lock in one word",
		after: "Each reader that came or went changed the word that the writer sleeps on and could wake it. While\n" +
			"readers overlap, the writer never gets the lock.",
	},
	{
		name:  "rwlock2",
		shows: "a separate word for writers to sleep on",
		after: "The writer slept while readers came and went. But each of these readers overtook it.",
	},
	{
		name:  "rwlock3",
		shows: "one more bit: new readers wait behind a waiting writer",
		after: "The new reader arrived after the writer and got the lock after it. Readers cannot starve writers any more.",
	},
	{
		name:  "ours",
		shows: "where the steps lead: what package locks adds",
		after: "Fairness, waits with a limit or a context, a broadcast without a thundering herd, turns for readers and writers,\n" +
			"in locks as small as those of the steps.",
	},
}}
