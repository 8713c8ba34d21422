// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/examples/internal/terminal"
)

// role is the environment variable that makes this test binary one of the programs of a tour.
const role = "OSYNC_TOUR_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "":
		os.Exit(m.Run())
	case "passes":
		fmt.Println("first line")
		fmt.Print("last line, without an end")
	case "fails":
		fmt.Println("some output")
		fmt.Fprintln(os.Stderr, "fails: counted to 3 instead of 4")
		os.Exit(1)
	case "lacks":
		fmt.Fprintln(os.Stderr, "lacks: not on this system: unsupported operation: no such lock")
		os.Exit(program.Unsupported)
	case "hangs":
		time.Sleep(time.Hour)
	case "panics":
		panic("too bad")
	}
}

// testChapters are three chapters of four programs.
var testChapters = []chapter{
	{dir: "ch01", title: "First", programs: []example{{name: "one", shows: "a", after: "A."}, {name: "two", shows: "b", after: "B.", races: true}}},
	{dir: "ch02", title: "Second", programs: []example{{name: "one", shows: "c", after: "C."}, {name: "three", shows: "d", after: "D."}}},
	{dir: "ch03", title: "Third"},
}

func paths(chosen []stop) []string {
	var all []string
	for _, s := range chosen {
		all = append(all, s.path())
	}
	return all
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		args string
		want options
	}{
		{"", options{timeout: time.Minute}},
		{"-all", options{all: true, timeout: time.Minute}},
		{"ch01 -race ch02/one", options{race: true, timeout: 5 * time.Minute, names: []string{"ch01", "ch02/one"}}},
		{"-race -timeout 3s", options{race: true, timeout: 3 * time.Second}},
		{"-map", options{printMap: true, timeout: time.Minute}},
	} {
		got, err := parse(strings.Fields(tt.args))
		if err != nil || fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("%q: got %+v, %v, want %+v", tt.args, got, err, tt.want)
		}
	}
	for _, args := range []string{"-fast", "-timeout soon", "-timeout -1s", "ch01 -fast"} {
		if _, err := parse(strings.Fields(args)); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
	if _, err := parse([]string{"-h"}); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: %v, want %v", err, flag.ErrHelp)
	}
}

func TestChoose(t *testing.T) {
	for _, tt := range []struct {
		o    options
		want string
	}{
		{options{}, ""},
		{options{all: true}, "ch01/one ch01/two ch02/one ch02/three"},
		{options{names: []string{"ch02", "ch01/two", "ch02/one"}}, "ch01/two ch02/one ch02/three"},
		{options{names: []string{"./examples/ch01/one/", `ch02\three`}}, "ch01/one ch02/three"},
	} {
		got, err := choose(testChapters, tt.o)
		if want := strings.Fields(tt.want); err != nil || !slices.Equal(paths(got), want) {
			t.Errorf("%+v: got %q, %v, want %q", tt.o, paths(got), err, want)
		}
	}
	for _, tt := range []struct {
		o    options
		want string // in the error
	}{
		{options{names: []string{"ch04"}}, "ch01, ch02, ch03"},
		{options{names: []string{"ch01/one", "ch02/two"}}, "ch02/one, ch02/three"},
		{options{names: []string{"three"}}, "there are ch02/three"},
		{options{all: true, names: []string{"ch01"}}, "-all"},
		{options{printMap: true, names: []string{"ch01"}}, "-map"},
	} {
		if _, err := choose(testChapters, tt.o); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: got error %v, want one with %q", tt.o, err, tt.want)
		}
	}
	if _, err := choose(nil, options{all: true}); err == nil {
		t.Error("-all of nothing: no error")
	}
}

func TestBatches(t *testing.T) {
	show := func(race bool) string {
		var text []string
		for _, b := range batches(stops(testChapters), race) {
			text = append(text, fmt.Sprint(b.race, paths(b.stops)))
		}
		return strings.Join(text, " ")
	}
	if got, want := show(false), "false [ch01/one ch01/two ch02/three] false [ch02/one]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := show(true), "true [ch01/one ch02/three] false [ch01/two] true [ch02/one]"; got != want {
		t.Errorf("-race: got %s, want %s", got, want)
	}
}

func TestCommandLine(t *testing.T) {
	for _, tt := range []struct {
		args           string
		status         int
		stdout, stderr string // a part of each
	}{
		{"", 0, "ch02  Second\n  one", ""},
		{"-h", 0, "-timeout d", ""},
		{"ch4", 2, "", `no chapter or program "ch4"`},
		{"-fast", 2, "", "-h explains"},
	} {
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), testChapters, strings.Fields(tt.args), &stdout, &stderr)
		if status != tt.status || !strings.Contains(stdout.String(), tt.stdout) || !strings.Contains(stderr.String(), tt.stderr) ||
			tt.stderr == "" && stderr.Len() > 0 {
			t.Errorf("%q: status %d, want %d\nstdout: %s\nstderr: %s", tt.args, status, tt.status, &stdout, &stderr)
		}
	}
}

// tour visits programs that this test binary plays, and returns what was said and whether
// all was well.
func tour(t *testing.T, ctx context.Context, roles ...string) (string, bool) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	g := guide{out: &out, paint: terminal.Colors(false), timeout: time.Minute, files: map[string]string{}}
	var chosen []stop
	for _, r := range roles {
		s := stop{testChapters[0], example{name: r, shows: "the watched", after: "The happened."}}
		if r == "hangs" {
			g.timeout = 50 * time.Millisecond
		}
		if r != "missing" {
			g.files[s.path()] = self
		}
		chosen = append(chosen, s)
	}
	var outcomes []outcome
	for i := range chosen { // the role is an environment variable, so one at a time
		t.Setenv(role, roles[i])
		outcomes = append(outcomes, g.visit(ctx, chosen[i:i+1])...)
	}
	ok := g.summary(outcomes, len(chosen), time.Second)
	t.Log(out.String())
	return out.String(), ok
}

func TestOutcomes(t *testing.T) {
	for _, tt := range []struct {
		name, roles string
		ok          bool
		want        []string
	}{
		{"all pass", "passes passes", true, []string{
			"(1 of 1)\nWatch for: the watched\n    first line\n    last line, without an end\nWhat happened: The happened.\npassed in ",
			"2 programs in 1 s: 2 passed, 0 not on this system, 0 failed",
		}},
		{"one fails", "passes fails passes", false, []string{
			"FAILED: exit status 1: counted to 3 instead of 4\n", "FAILED:\n  ch01/fails ", "2 passed, 0 not on this system, 1 failed",
		}},
		{"one is unsupported", "lacks passes", true, []string{
			"not on this system: no such lock\n", "not on this system:\n  ch01/lacks ", "1 passed, 1 not on this system, 0 failed",
		}},
		{"one panics", "panics", false, []string{"FAILED: exit status 2: panic: too bad\n"}},
		{"one hangs", "hangs", false, []string{"it has not ended after 50ms"}},
		{"one does not build", "missing", false, []string{"FAILED: it does not build"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			said, ok := tour(t, t.Context(), strings.Fields(tt.roles)...)
			if ok != tt.ok {
				t.Errorf("ok is %v, want %v", ok, tt.ok)
			}
			for _, want := range tt.want {
				if !strings.Contains(said, want) {
					t.Errorf("it does not say %q", want)
				}
			}
		})
	}
	t.Run("interrupted", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if said, ok := tour(t, ctx, "passes"); ok || !strings.Contains(said, "1 did not run") {
			t.Errorf("ok is %v, want false, and what did not run", ok)
		}
	})
}

// TestMargin writes output in pieces, as a pipe brings it.
func TestMargin(t *testing.T) {
	var out bytes.Buffer
	in := &indented{w: &out, margin: margin, telling: []string{"d: "}}
	for _, piece := range []string{"a", "b\nc", "\n\nd: e", "\nf"} {
		if n, err := in.Write([]byte(piece)); n != len(piece) || err != nil {
			t.Errorf("Write: %d, %v", n, err)
		}
	}
	in.end()
	if got, want := out.String(), "    ab\n    c\n    \n    d: e\n    f\n"; got != want || in.last != "f" || in.reason() != "d: e" {
		t.Errorf("got %q, last %q, reason %q, want %q", got, in.last, in.reason(), want)
	}
}

func TestFindExamples(t *testing.T) {
	want, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{".", "..", "../..", "../../locks/park"} {
		dir, err := filepath.Abs(from)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := findExamples(dir); got != want || err != nil {
			t.Errorf("from %s: %s, %v, want %s", from, got, err, want)
		}
	}
	if got, err := findExamples(t.TempDir()); err == nil {
		t.Errorf("found %s where there is no checkout", got)
	}
}

// TestWalk builds programs and runs them: the way from the command line to the exit status.
func TestWalk(t *testing.T) {
	if testing.Short() {
		t.Skip("building takes long where the system is emulated")
	}
	if err := checkGo(t.Context()); err != nil {
		t.Skip(err)
	}
	write := func(dir, name, text string) {
		t.Helper()
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	checkout := t.TempDir()
	t.Setenv("GOWORK", "off")
	write(checkout, "go.mod", "module "+module+"\n")
	write(filepath.Join(checkout, "ch01", "one"), "main.go", `package main; func main() { println("first one") }`)
	write(filepath.Join(checkout, "ch01", "two"), "main.go", `package main; import "os"; func main() { os.Exit(77) }`)
	write(filepath.Join(checkout, "ch02", "one"), "main.go", `package main; func main() { println("second one") }`)
	write(filepath.Join(checkout, "ch02", "three"), "main.go", `package main; func main() { here is a mistake }`)
	t.Chdir(filepath.Join(checkout, "ch01"))

	tour := func(args string, status int, want ...string) {
		t.Helper()
		var stdout, stderr bytes.Buffer
		if got := run(t.Context(), testChapters, strings.Fields(args), &stdout, &stderr); got != status {
			t.Errorf("%s: status %d, want %d", args, got, status)
		}
		for _, w := range want {
			if !strings.Contains(stdout.String()+stderr.String(), w) {
				t.Errorf("%s: it does not say %q", args, w)
			}
		}
		t.Logf("tour %s\n%s%s", args, &stdout, &stderr)
	}
	tour("ch01 ch02/one", 0, "building 3 programs", "first one", "second one", "2 passed, 1 not on this system, 0 failed")
	tour("-all", 1, "FAILED: it does not build", "syntax error", "4 programs in")
	t.Chdir(t.TempDir())
	tour("ch01", 1, "is in no checkout of osync")
	t.Setenv("PATH", "")
	tour("ch01", 1, "the go command builds the programs, and is not in PATH")
	if _, err := exec.LookPath("go"); err == nil {
		t.Error("the go command is found without PATH")
	}
}
