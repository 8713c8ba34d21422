// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// folders returns the folders of programs that match a pattern under examples, by path.
func folders(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(pattern), "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, file := range files {
		dir, err := filepath.Rel("..", filepath.Dir(file))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, filepath.ToSlash(dir))
	}
	return slices.Compact(all)
}

// compare reports what one list has and the other has not.
func compare(t *testing.T, inFolders, inTables []string) {
	t.Helper()
	for _, path := range inFolders {
		if !slices.Contains(inTables, path) {
			t.Errorf("examples/%s is in no table of examples/tour", path)
		}
	}
	for i, path := range inTables {
		if !slices.Contains(inFolders, path) {
			t.Errorf("the tables of examples/tour have %s, which is not there", path)
		}
		if slices.Contains(inTables[:i], path) {
			t.Errorf("the tables of examples/tour have %s twice", path)
		}
	}
}

func TestTables(t *testing.T) {
	compare(t, folders(t, "ch[0-9][0-9]/*"), paths(stops(chapters)))
	var names []string
	for _, e := range others {
		names = append(names, e.name)
	}
	beside := append(folders(t, "*"), folders(t, "*/*")...)
	compare(t, slices.DeleteFunc(beside, func(path string) bool {
		return strings.HasPrefix(path, "internal") || regexp.MustCompile(`^ch[0-9]`).MatchString(path) ||
			path == "compare/foreign" // a part of a program
	}), names)
}

func TestTexts(t *testing.T) {
	for _, s := range stops(chapters) {
		if s.shows == "" || strings.Contains(s.shows, "\n") {
			t.Errorf("%s shows %q, want one line", s.path(), s.shows)
		}
		if n := len(strings.Split(s.after, "\n")); s.after == "" || n > 4 {
			t.Errorf("%s: %d lines of what just happened, want one to four", s.path(), n)
		}
	}
	for _, e := range others {
		if e.shows == "" {
			t.Errorf("nothing is said of %s", e.name)
		}
	}
}

var noRace = regexp.MustCompile(`(?m)^//go:build .*!race`)

// TestRaces compares what the tables say of races with the tests of the programs, which are
// left out under the race detector if the program races.
func TestRaces(t *testing.T) {
	for _, s := range stops(chapters) {
		text, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(s.path()), "main_test.go"))
		if err != nil {
			t.Error(err)
			continue
		}
		if left := noRace.Match(text); left != s.races {
			t.Errorf("%s: races is %v, and its test is left out with -race: %v", s.path(), s.races, left)
		}
	}
}

// TestMap keeps the map true.
func TestMap(t *testing.T) {
	var want bytes.Buffer
	if err := printMap(&want, chapters); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.ReplaceAll(string(got), "\r\n", "\n") != want.String() {
		t.Error("examples/README.md is out of date: go run ./examples/tour -map >examples/README.md")
	}
}
