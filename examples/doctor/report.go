// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

// A Report is all that doctor has found out. It is what -json prints.
type Report struct {
	OK         bool        `json:"ok"` // no check and no measurement has failed
	System     System      `json:"system"`
	Primitives []Primitive `json:"primitives"` // of the operating system
	Locks      []Lock      `json:"locks"`      // of osync, and what is beneath them
	Costs      []Cost      `json:"costs"`      // empty if a check has failed
	Sleeps     []Sleep     `json:"sleeps"`     // the same; and where there are no threads
	Seconds    float64     `json:"seconds"`    // how long it took
}

// A System says where and with what this program runs.
type System struct {
	OS         string `json:"os"`      // GOOS
	Version    string `json:"version"` // name and version of the system, "" if unknown
	Arch       string `json:"arch"`    // GOARCH
	CPUs       int    `json:"cpus"`    // those that this process may use
	GOMAXPROCS int    `json:"gomaxprocs"`
	Go         string `json:"go"`    // version of Go
	Osync      string `json:"osync"` // version of osync, "(devel)" for a checkout
}

// A Primitive is something that the operating system offers to authors of locks.
type Primitive struct {
	Name    string `json:"name"`
	Since   string `json:"since"`            // the first version of the system that has it
	Purpose string `json:"purpose"`          // what it is for
	Present bool   `json:"present"`          // a call has shown that it is there
	Absent  string `json:"absent,omitempty"` // what the call said, if not
	Check   *Check `json:"check,omitempty"`  // its self-test, if it is present
}

// A Lock is a lock of osync, or a layer beneath the locks.
type Lock struct {
	Name       string  `json:"name"`
	Goroutines string  `json:"goroutines"`       // where a waiting goroutine sleeps
	Threads    string  `json:"threads"`          // where a waiting pinned thread sleeps
	Why        string  `json:"why"`              // why there
	Absent     string  `json:"absent,omitempty"` // what is missing here, if it does not work
	Checks     []Check `json:"checks,omitempty"` // its self-tests, unless it is absent
}

// A Check is a self-test and how it went.
type Check struct {
	Name         string  `json:"name"` // the kind of waiter, or what it waited for
	OK           bool    `json:"ok"`
	Error        string  `json:"error,omitempty"` // what went wrong
	Milliseconds float64 `json:"ms"`              // how long it took
}

// A Cost compares an operation of osync with its counterpart in package sync.
type Cost struct {
	Name        string  `json:"name"`
	Counterpart string  `json:"counterpart"` // what of package sync was measured beside it
	Osync       Sample  `json:"osync"`
	Sync        Sample  `json:"sync"`
	Ratio       float64 `json:"ratio"`           // of the medians: below 1, osync is faster
	Error       string  `json:"error,omitempty"` // why there is no result

	LongestWait *LongestWait `json:"longest_wait,omitempty"` // where workers wait for each other
}

// A LongestWait is how long a worker waits for its turn, at the longest, in some milliseconds: the median of several
// such times, of which more follow from the machine than with a Sample.
type LongestWait struct {
	Osync float64 `json:"osync_ns"`
	Sync  float64 `json:"sync_ns"`
}

// A Sleep says how late a sleep ends, where it is asked for by several ways in turns.
type Sleep struct {
	Name         string  `json:"name"`
	Milliseconds float64 `json:"ms"`               // how long each sleep was to be
	Absent       string  `json:"absent,omitempty"` // why this way cannot be gone here
	Sleeps       int     `json:"sleeps"`
	Median       float64 `json:"late_median_ns"`
	Late99       float64 `json:"late_99_ns"` // 99 of 100 were not later
	Worst        float64 `json:"late_worst_ns"`
	Ratio        float64 `json:"ratio"` // of the median to that of time.Sleep
	Error        string  `json:"error,omitempty"`
}

// A Sample is the time that an operation takes, in several rounds of measuring. A round is
// many operations; its time is divided by their number.
type Sample struct {
	Median     float64 `json:"median_ns"`
	Min        float64 `json:"min_ns"`
	Max        float64 `json:"max_ns"`
	Rounds     int     `json:"rounds"`
	Operations int     `json:"operations"` // in each round
}

// checks returns all checks of r.
func (r *Report) checks() []Check {
	var all []Check
	for _, p := range r.Primitives {
		if p.Check != nil {
			all = append(all, *p.Check)
		}
	}
	for _, l := range r.Locks {
		all = append(all, l.Checks...)
	}
	return all
}

// passed returns how many checks went well, and how many there were.
func (r *Report) passed() (ok, all int) {
	for _, c := range r.checks() {
		if c.OK {
			ok++
		}
		all++
	}
	return ok, all
}
