// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package beside

import (
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestTime has a goroutine that never stands still for long, and one that does.
func TestTime(t *testing.T) {
	if runtime.GOARCH == "wasm" {
		t.Skip("two goroutines never run at the same time on wasm")
	}
	took, together := Time(func() { time.Sleep(20 * time.Millisecond) }, func() { time.Sleep(time.Second / 10) })
	if together || took < 10*time.Millisecond {
		t.Errorf("the other goroutine slept, and Time returns %v, true", took)
	}
	calls := 0
	if _, together = Time(func() { time.Sleep(time.Second / 10) }, func() { calls++; runtime.Gosched() }); calls == 0 {
		t.Error("the other function was not called")
	}
	if !together {
		t.Log("the other goroutine stood still for 25 ms: a very busy machine")
	}
}

func TestMeasured(t *testing.T) {
	calls := 0
	third := func() (time.Duration, bool) { calls++; return time.Duration(calls), calls%3 == 0 }
	all, err := Measured(time.Minute, third, func() (time.Duration, bool) { return 7, true })
	if err != nil || len(all) != wanted || all[1][0] != 6 || all[1][1] != 7 {
		t.Errorf("got %v, %v, want 15 rounds, of which the second is 6, 7", all, err)
	}
	never := func() (time.Duration, bool) { time.Sleep(time.Millisecond); return 0, false }
	_, err = Measured(20*time.Millisecond, never)
	if !errors.Is(err, errors.ErrUnsupported) || !strings.Contains(err.Error(), "too busy") {
		t.Errorf("got %v, want an error that says what is wrong", err)
	}
}

// roundsOf returns 15 rounds of which the first n have the one result, and the others the other.
func roundsOf(n int, one, other []float64) Rounds {
	var all Rounds
	for i := range wanted {
		if i < n {
			all = append(all, one)
		} else {
			all = append(all, other)
		}
	}
	return all
}

func TestSeen(t *testing.T) {
	high, low := []float64{40, 5}, []float64{5, 5}
	for _, tt := range []struct {
		highs int
		want  string // in the error
	}{
		{15, ""},
		{13, ""},
		{8, "too busy to show it: the spread of the ratio is 88 %, from 1.0 to 8.0"},
		{5, "too busy"},
		{2, "there is no step here (a ratio of 1.0)"},
		{0, "there is no step"},
	} {
		err := roundsOf(tt.highs, high, low).Step(0, 1).Seen()
		if tt.want == "" && err != nil {
			t.Errorf("%d of 15 rounds have the step: %v", tt.highs, err)
		}
		if tt.want != "" && (!errors.Is(err, errors.ErrUnsupported) || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%d of 15 rounds have the step: got %v, want an error with %q", tt.highs, err, tt.want)
		}
	}
}

func TestEdge(t *testing.T) {
	for _, tt := range []struct {
		ns   []float64
		want int
		ok   bool
	}{
		{[]float64{40, 41, 39, 5, 6, 5}, 3, true},
		{[]float64{40, 5, 5, 5, 5, 5}, 1, true},
		{[]float64{40, 40, 5, 30, 5, 5}, 0, false},
		{[]float64{40, 40, 5, 5, 30, 5}, 0, false},
	} {
		edge, err := roundsOf(wanted, tt.ns, nil).Edge(len(tt.ns))
		if edge != tt.want || (err == nil) != tt.ok {
			t.Errorf("%v: got %d, %v, want %d", tt.ns, edge, err, tt.want)
		}
	}
}
