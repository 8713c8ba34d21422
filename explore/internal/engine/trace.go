// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import "time"

// A Failure is an execution that went wrong.
type Failure struct {
	Kind     string // "assertion", "panic", "deadlock", "livelock", "data race", "leftover", ...
	Message  string // one or more lines
	Schedule string // replays the execution
	// Execution is the number of executions up to the one that failed first, that one among them; 0 for
	// none to tell, as in a replay.
	Execution int
	Trace     []TraceStep
	Threads   []TraceThread // by number
}

// A TraceThread is a thread as a trace shows it.
type TraceThread struct {
	Name   string   // "main", "goroutine 1", "timer 3"
	Go     string   // file:line of the statement that started it; "" for main
	Status string   // at the end: "ended", "asleep in Mutex.Lock", "ready"
	Where  string   // file:line where it stands, if it has not ended
	Stack  []string // of the end, as that of a TraceStep, the function at Where first
}

// A TraceStep is a step of a failed execution.
type TraceStep struct {
	Thread int    // its number; main is 0
	Op     string // "Load", "CompareAndSwap", "Mutex.Lock"
	Failed bool   // a compare-and-swap that has not swapped
	Object string // "word 1", as there is no better name; "" for none
	Word   Word
	Before uint64 // of the word, if there is one
	After  uint64
	Note   string // "woke goroutine 2", "chose 1 of 2"
	File   string // full path
	Line   int
	Func   string
	// Waiting are the threads that cannot take their next steps after this one, by number: they are asleep,
	// or wait for a lock. A thread that is in the list of one step and not in that of the next was woken by the next.
	Waiting []int
	Stack   []string // the callers, innermost first, "func file:line", without the explorer's own
}

// A Result says what was explored.
type Result struct {
	Mode       string // "exhaustive", "PCT", "random", "replay"
	Executions int    // that ran to their ends
	Redundant  int    // whose rest was known from others
	Cut        int    // cut off by the step bound
	Steps      int    // in all executions
	Threads    int    // at most, timers among them
	Depth      int    // steps of the longest execution
	Elapsed    time.Duration
	Complete   bool     // every interleaving within the bounds was explored
	Bounds     []string // the bounds that left something out, in words
	Failure    *Failure // the first, made short; nil if there is none
}
