// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch09 = chapter{dir: "ch09", title: "Locks of our own", programs: []example{
	{
		name:  "mutex1",
		shows: "the smallest mutex that sleeps: two states, a Wait and a Wake",
		after: "It is right, but each Unlock wakes, whether anybody waits or not. Look at what that costs in\n" +
			"the kernel.",
	},
	{
		name:  "mutex2",
		shows: "a third state: locked, and somebody may wait",
		after: "Unlock wakes only if the word says 2. Who was woken locks with 2 as well, for it cannot know\n" +
			"whether it was the last; you saw it in the words.",
	},
	{
		name:  "mutex3",
		shows: "a little spinning before the sleep",
		after: "A critical section is often over before a sleep would have begun. It pays when another processor\n" +
			"runs the holder, and is left out when there is none.",
	},
	{
		name:  "cond1",
		shows: "a condition variable that is a counter",
		after: "Wait noted the counter before it unlocked, so a signal between unlock and sleep was not missed.",
	},
	{
		name:  "cond2",
		shows: "the same, counting who waits",
		after: "A Signal for nobody is a load now. A Broadcast still lets all fight for the lock.",
	},
	{
		name:  "rwlock1",
		shows: "a readers-writer lock in one word",
		after: "A waiting writer had to look again each time a reader came or went just then, and while readers\n" +
			"overlap it never gets in.",
	},
	{
		name:  "rwlock2",
		shows: "a word of their own for writers to sleep on",
		after: "The writer slept through all that coming and going. But each of these readers overtook it.",
	},
	{
		name:  "rwlock3",
		shows: "one bit more: a writer waits, so newcomers do too",
		after: "The newcomer came after the writer and got in after it. Readers cannot starve writers any more.",
	},
	{
		name:  "ours",
		shows: "where the steps lead: what package locks adds",
		after: "Fairness, waits that can be given up, a broadcast without a herd, turns for readers and writers,\n" +
			"in locks as small as those of the steps.",
	},
}}
