// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

// others are what else stands under examples, beside the chapters. The tour leaves it out; the
// map has it.
var others = []example{
	{name: "doctor", shows: "what osync finds on this machine: each primitive of the system, where a waiter sleeps and why, a self-test of all of it, what it costs next to package sync, and the longest wait"},
	{name: "compare", shows: "osync beside its peers, measured in one run: package sync, channels and other modules in Go, and the locks of C, C++ and Rust; times, the tails of the waits, and how even the shares are"},
	{name: "tour", shows: "the programs of the chapters, one after the other, with words between them; or on pages for a browser, with their output, charts and sources"},
	{name: "timeline", shows: "a picture of the holders and waiters of a contended lock: an SVG, and a trace for Perfetto"},
	{name: "backend", shows: "a library as a user of osync would write it, on locks/park alone: a semaphore with priorities and a bounded queue, with time limits and contexts"},
	{name: "checked", shows: "a mutex of twenty lines with two bugs, with one, and mended, and the explorations that say so: the code of docs/checking-a-lock.md"},
	{name: "historical", shows: "bugs of locks that were published or shipped, each found by name in an exploration, and mended: Drepper's first mutex, condition variables that wake two or the wrong one, a waiter that eats a wake"},
	{name: "manycores", shows: "a simulation of locks.Mutex and its parking lot on machines with 8, 64 and 128 cores, with published costs of line transfers"},
	{
		name:  "shared/ring",
		shows: "records passed between two processes, one of them in C if there is a compiler, that are killed at any instruction and started again; the counters stay right",
	},
	{name: "shared/compare", shows: "processes that share a counter: shared.Mutex and shared.PthreadMutex beside the C library's robust mutex, with longest waits and shares"},
	{
		name:  "pthread",
		shows: "the system's own locks: mistakes that are errors, a condition, and a mutex shared with a program in C that is killed with it locked",
	},
	{
		name:  "pthread/doctor",
		shows: "what package pthread finds on this machine, tested, and what a call costs; it needs the C library, so it is a program of its own",
	},
	{name: "shared/locks", shows: "the lock manager of a small container engine: locks that processes share, known by their numbers; which process holds a lock that others wait for, and what becomes of the lock when that process is stopped or killed"},
	{name: "audio", shows: "nine ways to share settings between goroutines and an audio thread: how long it waits for them, and how late its buffers are; docs/audio.md says which to take"},
	{name: "graphics", shows: "a window whose events the first thread waits for, drawn by a thread of its own, and goroutines that call both: no call on a wrong thread"},
	{name: "namespaces", shows: "two networks of Linux in one program, on a thread each: which sockets, goroutines and children are inside; as root, or in a user namespace that it makes"},
	{name: "realtime", shows: "how late a periodic loop is as a goroutine, as a thread, and in a real-time class, in an idle program and in a busy one; what this machine allows; and what a thread that computes for too long does to its program, by class"},
	{name: "watch/slog", shows: "slow waits for locks in the log: which lock, for how long, which goroutine kept it; a function to copy"},
	{name: "watch/flightrecorder", shows: "the execution trace of the moment of a slow wait, written to a file by a flight recorder that runs all the time; a function to copy"},
	{name: "watch/otel", shows: "OpenTelemetry: a span for each slow wait, and histograms of all waits for locks with names; a file to copy"},
	{name: "watch/stuck", shows: "a small server with a slow holder, a goroutine that is stuck, and a deadlock; what package watch shows of each"},
}
