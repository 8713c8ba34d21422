// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCharts draws two cells, and reads the pictures as XML.
func TestCharts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "charts")
	out, _, status := compared(t, "-quick", "-rounds", "1", "-round", "2ms", "-only", "^mutex n=(8|32) ", "-peers", "^(sync again|osync)$", "-svg", dir)
	if status != 0 {
		t.Fatalf("exit status %d, want 0", status)
	}
	for _, name := range []string{"mutex-goroutines.svg", "waits.svg"} {
		if !strings.Contains(out, name) {
			t.Errorf("the output lacks %s", name)
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(strings.NewReader(string(text))); err == nil; {
			_, err = d.Token()
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", name, err)
		}
		for _, want := range []string{"mutex n=8 in=1µs out=1µs", ">osync<", "prefers-color-scheme: dark"} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s lacks %q", name, want)
			}
		}
	}
}

func TestScale(t *testing.T) {
	s := logScale(0, 100, []float64{0.1, 10}, nil)
	if x, within := s.at(1); x < 49.9 || x > 50.1 || !within {
		t.Errorf("1 stands at %v (%v), want in the middle", x, within)
	}
	if x, within := s.at(1000); x != 100 || within {
		t.Errorf("1000 stands at %v (%v), want at the right edge, and outside", x, within)
	}
}
