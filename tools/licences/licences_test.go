// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// root is the repository.
var root = filepath.Join("..", "..")

func TestCurrent(t *testing.T) {
	if err := do(root, true); err != nil {
		t.Error(err)
	}
}

// TestUsers compares what THIRD_PARTY.md says of a user's program.
func TestUsers(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "THIRD_PARTY.md"))
	if err != nil {
		t.Fatal(err)
	}
	for part, want := range map[string][]string{
		"the library": {"`golang.org/x/sys`"},
		"`pthread`":   {"`github.com/ebitengine/purego`"},
	} {
		var got []string
		for line := range strings.Lines(string(text)) {
			if cells := strings.Split(line, " | "); len(cells) == 3 && slices.Contains(strings.Split(strings.TrimSuffix(cells[2], " |\n"), ", "), part) {
				got = append(got, strings.TrimPrefix(cells[0], "| "))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s needs %v, not %v", part, got, want)
		}
	}
}

func TestLicenceOf(t *testing.T) {
	osync, err := os.ReadFile(filepath.Join(root, "LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, text, want string }{
		{"LICENSE", string(osync), "BSD-3-Clause"},
		{"license.txt", string(osync), "BSD-3-Clause"},
		{"LICENSE", "Do what you like.", ""},
		{"README.md", string(osync), ""},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, test.name), []byte(test.text), 0o666); err != nil {
			t.Fatal(err)
		}
		if got, err := licenceOf(dir); got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%s of %.20q: %q, %v; want %q", test.name, test.text, got, err, test.want)
		}
	}
}
