// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package chart

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// wantText checks that the file is an SVG picture with these words in it.
func wantText(t *testing.T, path string, words ...string) {
	t.Helper()
	svg, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range append(words, "<svg", "</svg>") {
		if !strings.Contains(string(svg), w) {
			t.Errorf("the picture lacks %q", w)
		}
	}
}

func TestLines(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lines.svg")
	if err := Lines(path, Labels{"Growth", "n", "ns"}, Series{"linear", []float64{1, 2}, []float64{3, 6}},
		Series{"constant", []float64{1, 4}, []float64{3, 3}}); err != nil {
		t.Fatal(err)
	}
	wantText(t, path, "Growth", "linear", "constant", "ns", ">4<")
	if Lines(path, Labels{}, Series{"odd", []float64{1}, nil}) == nil {
		t.Error("no error for a series whose x and y differ in number")
	}
}

func TestBars(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bars.svg")
	err := Bars(path, Labels{"Cost", "", "ns"}, []string{"load", "store"}, Series{"alone", nil, []float64{1, 2}}, Series{"shared", nil, []float64{10, 20}})
	if err != nil {
		t.Fatal(err)
	}
	wantText(t, path, "Cost", "store", "shared")
	if Bars(path, Labels{}, nil) == nil {
		t.Error("no error for a chart of nothing")
	}
}
