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
		slices.Sort(results)
		medians[i] = results[n/2]
	}
	return medians
}
