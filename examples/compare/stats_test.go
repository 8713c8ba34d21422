// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"math"
	"testing"
)

func TestJain(t *testing.T) {
	for _, tt := range []struct {
		shares []uint64
		want   float64
	}{
		{[]uint64{5, 5, 5, 5}, 1},
		{[]uint64{7, 0, 0, 0}, 0.25},
		{[]uint64{1, 3}, 0.8},
	} {
		if got := jain(tt.shares); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("jain(%v) = %v, want %v", tt.shares, got, tt.want)
		}
	}
	if got := jain([]uint64{0, 0}); !math.IsNaN(got) {
		t.Errorf("the index of nothing is %v, want NaN", got)
	}
}

func TestSampled(t *testing.T) {
	if got, want := sampled([]float64{5, 1, 4, 2, 3}), (Sample{Median: 3, Q1: 2, Q3: 4}); got != want {
		t.Errorf("of five rounds: %v, want %v", got, want)
	}
	if got, want := sampled([]float64{4, 1}), (Sample{Median: 2.5, Q1: 1.75, Q3: 3.25}); got != want {
		t.Errorf("of two rounds: %v, want %v", got, want)
	}
	if got, want := sampled([]float64{1, math.NaN(), math.Inf(1)}), (Sample{1, 1, 1}); got != want {
		t.Errorf("with what is no number: %v, want %v", got, want)
	}
	if got := sampled(nil); got != (Sample{}) {
		t.Errorf("of no rounds: %v, want zeros", got)
	}
}

// TestRatios takes the median of the rounds' ratios, which is not the ratio of the medians.
func TestRatios(t *testing.T) {
	a, b := []float64{2, 10, 9}, []float64{1, 10, 3}
	if got := sampled(ratios(a, b)).Median; got != 2 {
		t.Errorf("the median ratio is %v, want 2", got)
	}
	if got := geometric([]float64{0.5, 2, 8}); math.Abs(got-2) > 1e-9 {
		t.Errorf("the geometric mean is %v, want 2", got)
	}
}
