// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package rounds

import (
	"slices"
	"testing"
	"time"
)

func TestMedians(t *testing.T) {
	var order []int
	measure := func(id int, results ...time.Duration) func() time.Duration {
		return func() time.Duration {
			order = append(order, id)
			r := results[0]
			results = results[1:]
			return r
		}
	}
	got := Medians(3, measure(1, 5, 900, 4), measure(2, 1, 3, 2))
	if want := []float64{5, 2}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if want := []int{1, 2, 1, 2, 1, 2}; !slices.Equal(order, want) {
		t.Errorf("measured in the order %v, want %v", order, want)
	}
}
