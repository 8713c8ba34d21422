// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/osync-go/osync/examples/compare/foreign"
)

// Waits is how long each worker has waited, and how often.
type waits []*hdrhistogram.Histogram

// longestWait is what a histogram can hold; a longer wait counts as this.
const longestWait = 100 * time.Second

// spare are histograms of earlier rounds.
var spare waits

// newWaits returns a histogram for each of n workers. Those of the call before are no longer valid.
func newWaits(n int) waits {
	for len(spare) < n {
		spare = append(spare, hdrhistogram.New(1, int64(longestWait), 2)) // two digits: within 1 %
	}
	for _, h := range spare[:n] {
		h.Reset()
	}
	return spare[:n]
}

// note counts a wait of worker me.
func (w waits) note(me int, d time.Duration) {
	w[me].RecordValue(int64(min(d, longestWait)))
}

// fill puts the percentiles of all waits into r.
func (w waits) fill(r *foreign.Result) {
	all := w[0]
	for _, h := range w[1:] {
		all.Merge(h)
	}
	r.P50 = uint64(all.ValueAtQuantile(50))
	r.P99 = uint64(all.ValueAtQuantile(99))
	r.P999 = uint64(all.ValueAtQuantile(99.9))
	r.Max = uint64(all.Max())
}
