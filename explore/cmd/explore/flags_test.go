// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestFlags(t *testing.T) {
	svg, _ := filepath.Abs("a.svg")
	overlay, _ := filepath.Abs("o.json")
	for _, test := range []struct {
		args     string
		test     string // what "go test" gets after -vet=off
		patterns string
		bounds   string
		build    string
	}{
		{args: ""},
		{args: ".", test: ".", patterns: "."},
		{args: "-run X -preemptions 2 ./a ./b", test: "-run X ./a ./b", patterns: "./a ./b", bounds: "preemptions=2"},
		{args: "./a -steps=7 -run=X -time 3s", test: "./a -run=X", patterns: "./a", bounds: "steps=7 time=3s"},
		{args: "./a -run X ./b", test: "./a -run X ./b", patterns: "./a"}, // as go test: ./b is for the test
		{args: "-race -tags x,y -json .", test: "-race -tags x,y -json .", patterns: ".", build: "-race -tags x,y"},
		{args: "--test.run X --seed 1 .", test: "--test.run X .", patterns: ".", bounds: "seed=1"},
		{args: "-unknown . -depth 3", test: "-unknown .", bounds: "depth=3"},
		{args: ". -args -steps 3 ./b", test: ". -args -steps 3 ./b", patterns: "."},
		{args: "-svg a.svg -mode pct .", test: "-count=1 .", patterns: ".", bounds: "mode=pct svg=" + svg},
		{args: "-overlay o.json . -short", test: ". -short", patterns: ".", build: "-overlay=" + overlay},
		{args: "-v -with x/... -C d -work -vars .", test: "-v .", patterns: "."},
	} {
		c, err := parse(strings.Fields(test.args))
		if err != nil {
			t.Errorf("%s: %v", test.args, err)
			continue
		}
		bounds := strings.ReplaceAll(strings.Join(c.bounds, " "), "%2F", "/")
		if got := strings.Join(c.args, " "); got != strings.TrimSpace("-vet=off "+test.test) {
			t.Errorf("%s: go test gets %s, want %s", test.args, got, test.test)
		}
		if got := strings.Join(c.patterns, " "); got != test.patterns {
			t.Errorf("%s: the packages are %s, want %s", test.args, got, test.patterns)
		}
		if filepath.Separator == '/' && bounds != test.bounds {
			t.Errorf("%s: the bounds are %s, want %s", test.args, bounds, test.bounds)
		}
		if got := strings.Join(c.build, " "); got != test.build {
			t.Errorf("%s: go list gets %s, want %s", test.args, got, test.build)
		}
	}
	c, err := parse([]string{"-with", "x/...", "-without=x/y", "-C", "d", "-work", "-vars=false", "-vet=all", "-cover", "-v"})
	if err != nil || !slices.Equal(c.with, []string{"x/..."}) || !slices.Equal(c.without, []string{"x/y"}) || c.dir != "d" || !c.work ||
		c.vars || !c.verbose || !c.cover || !slices.Equal(c.args, []string{"-vet=all", "-cover", "-v"}) {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestFlagErrors(t *testing.T) {
	for args, want := range map[string]string{
		"-steps":        "-steps needs a value",
		"-steps many":   "invalid -steps many: want a number",
		"-depth 0":      "invalid -depth 0: must be at least 1",
		"-steps=0":      "invalid -steps 0: must be at least 1",
		"-time 3":       "invalid -time 3: want a duration, such as 30s",
		"-mode fast":    "invalid -mode fast: want one of exhaustive, pct, random",
		"-overlay":      "-overlay needs a value",
		"-vars=perhaps": "-vars=perhaps: ",
		"-run":          "-run needs a value",
	} {
		if _, err := parse(strings.Fields(args)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", args, err, want)
		}
	}
	if c, _ := parse(strings.Fields("-vars -time 1s -tags=x,y . -spins 3")); !slices.Equal(c.replay, []string{"-vars", "-tags=x,y", "-spins", "3"}) {
		t.Errorf("a replay needs %s", c.replay)
	}
	if _, err := parse([]string{".", "-h"}); !errors.Is(err, errHelp) {
		t.Errorf("-h: %v", err)
	}
	if !strings.Contains(usage, "-preemptions") {
		t.Error("-h does not name the flags")
	}
}
