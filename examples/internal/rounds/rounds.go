// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package rounds measures by medians of interleaved rounds, so that a disturbance of the machine
// meets all that is compared, and few of the results.
package rounds

import (
	"slices"
	"time"
)

// Medians calls each measure n times, in turn, and returns the median of what each has returned,
// in nanoseconds.
func Medians(n int, measures ...func() time.Duration) []float64 {
	all := make([][]float64, len(measures))
	for range n {
		for i, measure := range measures {
			all[i] = append(all[i], float64(measure()))
		}
	}
	medians := make([]float64, len(measures))
	for i, results := range all {
		medians[i] = Median(results)
	}
	return medians
}

// Median returns the median of values, which it sorts. Of an even number it is the upper one.
func Median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
