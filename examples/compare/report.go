// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"io"
	"math"
	"runtime"
	"runtime/debug"
	"slices"
)

// A Report is all that the program has measured. It is what -json prints. Times are in nanoseconds
// where the name does not say otherwise.
type Report struct {
	System  System   `json:"system"`
	Round   float64  `json:"round_ms"`        // how long each peer works in a round
	Notes   []string `json:"notes,omitempty"` // which peers are missing here, and why
	Peers   []Peer   `json:"peers"`
	Cells   []Cell   `json:"cells"`
	Targets []Target `json:"targets"`
	Seconds float64  `json:"seconds"` // how long it took

	Interrupted bool `json:"interrupted,omitempty"` // by Ctrl-C: cells are missing
}

// A System says where the program ran.
type System struct {
	OS        string  `json:"os"`
	Arch      string  `json:"arch"`
	CPU       string  `json:"cpu"`  // its model, "" if unknown
	CPUs      int     `json:"cpus"` // those that this process may use, or GOMAXPROCS in its environment
	Go        string  `json:"go"`
	Osync     string  `json:"osync"`        // its commit, "" if unknown
	Iteration float64 `json:"iteration_ns"` // one multiplication of the work inside and outside
}

// A Peer is an implementation that was compared.
type Peer struct {
	Name    string `json:"name"`
	About   string `json:"about"`   // what it is
	Threads bool   `json:"threads"` // its workers are threads
	Foreign bool   `json:"foreign"` // it is no Go
}

// A Cell is one work, done by all peers.
type Cell struct {
	Name      string  `json:"name"`
	Rounds    int     `json:"rounds"`
	Disturbed int     `json:"disturbed"` // rounds in which more than a fifth of the machine was lost, and which nevertheless count
	Repeated  int     `json:"repeated"`  // such rounds that do not count
	Others    float64 `json:"others"`    // the median share of the machine lost to other processes, or to neighbours that slow it down; -1 if unknown
	Rows      []Row   `json:"rows"`

	work work
}

// A Row is what a peer has reached in a cell. Its figures have the names of the constants below.
type Row struct {
	Peer    string            `json:"peer"`
	Figures map[string]Sample `json:"figures,omitempty"`
	Ratios  map[string]Sample `json:"ratios,omitempty"`            // to package sync in the same round
	Locked  map[string]Sample `json:"ratios_to_locked,omitempty"`  // to package sync on locked goroutines
	Worst   float64           `json:"longest_of_all_ns,omitempty"` // the longest wait of all rounds
	Error   string            `json:"error,omitempty"`
}

// The figures of a row. The times are in nanoseconds.
const (
	perOp   = "op_ns"  // wall time for an operation, of all workers together
	cpuTime = "cpu_ns" // processor time for an operation
	p50     = "p50_ns" // of the waits: half are shorter
	p99     = "p99_ns"
	p999    = "p999_ns"
	longest = "longest_ns" // of a round
	index   = "jain"       // of the workers' shares; its "ratio" is the difference
	weight  = "bytes"      // of a crowd: for each waiter
	count   = "threads"    // of a crowd: in all
)

// status returns the exit status: 1 if a peer in Go has failed, which it says. That a peer of another
// language has is no fault of osync's.
func (r *Report) status(stderr io.Writer) int {
	status := 0
	if r.Interrupted {
		status = 1
	}
	for _, c := range r.Cells {
		for _, p := range r.Peers {
			i := slices.IndexFunc(c.Rows, func(row Row) bool { return row.Peer == p.Name && row.Error != "" })
			if i >= 0 {
				fmt.Fprintf(stderr, "compare: %s: %s: %s\n", c.Name, p.Name, c.Rows[i].Error)
				if !p.Foreign {
					status = 1
				}
			}
		}
	}
	return status
}

// row returns the row of a peer, or nil if it is not there or has failed.
func (c *Cell) row(peer string) *Row {
	for i := range c.Rows {
		if r := &c.Rows[i]; r.Peer == peer && r.Error == "" && len(r.Figures) > 0 {
			return r
		}
	}
	return nil
}

// value returns the median of a figure, or NaN if there is none.
func (r *Row) value(figure string) float64 {
	if r == nil {
		return math.NaN()
	}
	return median(r.Figures, figure)
}

// ratio returns the median ratio of a figure to that of package sync, or NaN if there is none.
func (r *Row) ratio(figure string) float64 {
	if r == nil {
		return math.NaN()
	}
	return median(r.Ratios, figure)
}

func median(samples map[string]Sample, figure string) float64 {
	if s, ok := samples[figure]; ok {
		return s.Median
	}
	return math.NaN()
}

func thisSystem() System {
	s := System{OS: runtime.GOOS, Arch: runtime.GOARCH, CPUs: procs, Go: runtime.Version(), CPU: model()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				s.Osync = setting.Value
			}
		}
	}
	return s
}
