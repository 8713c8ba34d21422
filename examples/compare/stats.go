// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// A Sample is what a figure was in the rounds of a cell: half of the rounds lie between Q1 and Q3.
type Sample struct {
	Median float64 `json:"median"`
	Q1     float64 `json:"q1"`
	Q3     float64 `json:"q3"`
}

// sampled sums up the rounds. It leaves out what is no number: a ratio to nothing.
func sampled(rounds []float64) Sample {
	sorted := slices.DeleteFunc(slices.Clone(rounds), func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) })
	if len(sorted) == 0 {
		return Sample{}
	}
	slices.Sort(sorted)
	quantile := func(p float64) float64 { return between(sorted, p) }
	return Sample{Median: quantile(0.5), Q1: quantile(0.25), Q3: quantile(0.75)}
}

// between returns the quantile p of what is sorted, between two values where it falls between them.
func between(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	low := int(at)
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}

// ratios divides each round of a by the same round of b.
func ratios(a, b []float64) []float64 {
	r := make([]float64, len(a))
	for i := range a {
		r[i] = a[i] / b[i]
	}
	return r
}

// jain returns Jain's index of fairness over the shares: 1 if all are the same, 1/n if one of n
// has all. See R. Jain, D. Chiu and W. Hawe, "A Quantitative Measure of Fairness and
// Discrimination", 1984.
func jain(shares []uint64) float64 {
	var sum, squares float64
	for _, s := range shares {
		sum += float64(s)
		squares += float64(s) * float64(s)
	}
	if squares == 0 {
		return math.NaN()
	}
	return sum * sum / (float64(len(shares)) * squares)
}

// geometric returns the geometric mean of ratios, or 0 if there are none.
func geometric(ratios []float64) float64 {
	if len(ratios) == 0 {
		return 0
	}
	return stat.GeometricMean(ratios, nil)
}

// differences takes each round of b from the same round of a.
func differences(a, b []float64) []float64 {
	r := make([]float64, len(a))
	for i := range a {
		r[i] = a[i] - b[i]
	}
	return r
}
