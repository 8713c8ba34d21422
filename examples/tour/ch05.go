// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch05 = chapter{dir: "ch05", title: "Channels of our own", programs: []example{
	{
		name:  "channel",
		shows: "a queue, a mutex and a condition variable make a channel for any number of senders and receivers",
		after: "Every message arrived once, and those of each sender in order. The queue had no bound,\nso it grew; Go's make(chan T, n) has one, and makes senders wait.",
	},
	{
		name:  "oneshot1",
		shows: "a slot and a flag: a channel for one message that trusts its user",
		after: "Release and acquire on the flag carried the message over. Two misuses went\nunnoticed.",
	},
	{
		name:  "oneshot2",
		shows: "the same, but each misuse panics",
		after: "A swap in each method decides which call is the first, even between concurrent calls.",
	},
	{
		name:  "oneshot3",
		shows: "one atomic word as the state, in place of two flags",
		after: "Each state has one successor, so a small table describes all that can happen.\nosync's locks are written like this.",
	},
	{
		name:  "oneshot4",
		shows: "two ends as two types, and what the compiler can see then",
		after: "A Sender has no Receive method. But a Go value can be copied, so the second use of an end compiles\nand panics at run time. Go's chan<- T and <-chan T are ends of this kind.",
	},
	{
		name:  "oneshot5",
		shows: "one channel used again and again, and stale ends that panic",
		after: "Rust's lifetimes reject a stale end at compile time. In Go the collector keeps the memory alive,\nand a generation number in the state tells current ends from stale ones.",
	},
	{
		name:  "oneshot6",
		shows: "a receiver that sleeps on the state itself: park.Wait and park.Wake",
		after: "Thousands of goroutines slept on words of four bytes, and cost no thread.\nPackage park is all it takes; its package comment has a lock in ten lines.",
	},
	{
		name:  "oneshot7",
		shows: "a receiver that waits as a thread: thread.Park and Unpark",
		after: "An Unpark before the Park leaves a permit, so no wake-up was lost.\nOnly a pinned goroutine has a thread of its own; other goroutines sleep on a word.",
	},
	{
		name:  "gochan",
		shows: "what our channels cost beside Go's own",
		after: "For one message the new goroutine is most of the price. In a stream Go's channel wins: the\nscheduler hands messages over, and its buffer does not grow. It has select and close, too.",
		draws: true,
	},
}}
