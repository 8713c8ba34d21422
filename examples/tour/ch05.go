// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch05 = chapter{dir: "ch05", title: "Channels of our own", programs: []example{
	{
		name:  "channel",
		shows: "a queue, a mutex and a condition variable make a channel for anybody",
		after: "Every message came once, and in order from each sender. The queue had no bound,\nso it grew; Go's make(chan T, n) has one, and lets senders wait.",
	},
	{
		name:  "oneshot1",
		shows: "a place and a flag: a channel for one message that trusts its user",
		after: "Release and acquire on the flag carried the message over. Two misuses went through\nwithout a word.",
	},
	{
		name:  "oneshot2",
		shows: "the same, but each misuse panics",
		after: "A swap in each method decides who was first, also between two who come at once.",
	},
	{
		name:  "oneshot3",
		shows: "one atomic word as the state, in place of two flags",
		after: "Each state has one way out, so the word is a table of all that can happen.\nosync's locks are written like this.",
	},
	{
		name:  "oneshot4",
		shows: "two ends as two types, and what the compiler can see then",
		after: "A Sender has no Receive. But a Go value can be copied, so to use an end twice compiles\nand is caught at run time. Go's chan<- T and <-chan T are ends of this kind.",
	},
	{
		name:  "oneshot5",
		shows: "one channel used again and again, and ends of the past that are found out",
		after: "Rust refuses a stale end by its lifetime. In Go the collector keeps the memory alive,\nand a number in the state tells the ends of today from those of yesterday.",
	},
	{
		name:  "oneshot6",
		shows: "a receiver that sleeps on the state itself: park.Wait and park.Wake",
		after: "Thousands of goroutines slept on words of four bytes, and cost no thread.\nlocks/park is all it takes; see its package comment for a lock in ten lines.",
	},
	{
		name:  "oneshot7",
		shows: "a receiver that is woken as a thread: thread.Park and Unpark",
		after: "A permit that comes before the Park is kept, so no wake-up was lost.\nOnly a pinned goroutine has a thread to be named; the others sleep on a word.",
	},
	{
		name:  "gochan",
		shows: "what our channels cost beside Go's own",
		after: "For one message the new goroutine is most of the price. In a stream Go's channel wins: the\nscheduler hands messages over, and its buffer does not grow. It has select and close, too.",
		draws: true,
	},
}}
