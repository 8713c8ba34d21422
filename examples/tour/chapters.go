// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

// A chapter of the tour has the number and the subject of a chapter of Rust Atomics and Locks.
type chapter struct {
	dir      string // the folder under examples, as in "ch01"
	title    string
	programs []example
	ideas    []idea // what osync built from those of the chapter
}

// An example is one program of the tour.
type example struct {
	name  string // the folder under the chapter's
	shows string // what to watch for, one line, said before it runs
	after string // what just happened, one to four lines, said after it
	races bool   // it races on purpose, and is not built with -race
	draws bool   // it draws a chart with -svg
}

// chapters are all chapters, in order. Each has a file of its own.
var chapters = []chapter{ch01, ch02, ch03, ch04, ch05, ch06, ch07, ch08, ch09, ch10}
