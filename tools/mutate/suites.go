// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

// A suite is a choice of one package's tests.
type suite struct {
	name   string
	line   string // as in the list
	runner string // "test", "explore", or a script that runs a go command or test binary for another system
	pkg    string // relative to the root, such as "./locks"
	limit  time.Duration
	env    []string
	build  []string // flags of go test that matter when the test is built
	flags  []string // the others, such as "-short" and "-run=Latch"
	tests  []string // the names of its tests
	digest string   // of their files
}

func (s *suite) race() bool { return slices.Contains(s.build, "-race") }

// A target is a file to mutate, and the suites for it in the order in which they run.
type target struct {
	file   string
	goos   string
	suites []*suite
}

// exploreFlags are those flags of the command explore that it passes to the tests in an environment variable.
var exploreFlags = []string{"preemptions", "steps", "spins", "spurious", "executions", "time", "mode", "depth", "seed"}

// readSuites reads the list of suites:
//
//	suite NAME RUNNER PACKAGE LIMIT [ENV=value] [flags of go test, and of explore]
//	file PATH [goos=GOOS] SUITE…
func readSuites(root, path string) ([]*target, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	suites := map[string]*suite{}
	var targets []*target
	for i, line := range strings.Split(string(text), "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		fail := func(format string, args ...any) error {
			return fmt.Errorf("%s:%d: %s", path, i+1, fmt.Sprintf(format, args...))
		}
		switch {
		case words[0] == "suite" && len(words) >= 5:
			s := &suite{name: words[1], line: strings.Join(words[2:], " "), runner: words[2], pkg: words[3]}
			if s.limit, err = time.ParseDuration(words[4]); err != nil {
				return nil, fail("%v", err)
			}
			var bounds []string
			for _, w := range words[5:] {
				name, _, _ := strings.Cut(strings.TrimLeft(w, "-"), "=")
				switch {
				case s.runner == "explore" && slices.Contains(exploreFlags, name):
					bounds = append(bounds, strings.TrimLeft(w, "-"))
				case !strings.HasPrefix(w, "-"):
					s.env = append(s.env, w)
				case w == "-race" || strings.HasPrefix(w, "-tags="):
					s.build = append(s.build, w)
				default:
					s.flags = append(s.flags, w)
				}
			}
			if bounds != nil {
				s.env = append(s.env, "OSYNC_EXPLORE="+strings.Join(bounds, " "))
			}
			if err := s.read(root); err != nil {
				return nil, fail("%v", err)
			}
			if suites[s.name] != nil {
				return nil, fail("a second suite %s", s.name)
			}
			suites[s.name] = s
		case words[0] == "file" && len(words) >= 3:
			t := &target{file: words[1], goos: runtime.GOOS}
			for _, w := range words[2:] {
				if goos, ok := strings.CutPrefix(w, "goos="); ok {
					t.goos = goos
				} else if s := suites[w]; s != nil {
					t.suites = append(t.suites, s)
				} else {
					return nil, fail("no suite %s above this line", w)
				}
			}
			targets = append(targets, t)
		default:
			return nil, fail("neither a suite nor a file")
		}
	}
	return targets, nil
}

// read finds the suite's tests, and makes a digest of the files that contain them, and of the package's test files
// without tests, which help them.
func (s *suite) read(root string) error {
	run, skip := regexp.MustCompile(""), regexp.MustCompile("^$")
	for _, f := range s.flags {
		name, expr, _ := strings.Cut(strings.TrimLeft(f, "-"), "=")
		expr, _, _ = strings.Cut(expr, "/")
		var err error
		switch name {
		case "run":
			run, err = regexp.Compile(expr)
		case "skip":
			skip, err = regexp.Compile(expr)
		}
		if err != nil {
			return err
		}
	}
	names, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(s.pkg), "*_test.go"))
	if err != nil {
		return err
	}
	if s.runner == "explore" {
		seams, _ := filepath.Glob(filepath.Join(root, filepath.FromSlash(s.pkg), "testdata", "explore", "*.go"))
		names = append(names, seams...)
	}
	h := sha256.New()
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		tests, err := testsIn(name, text)
		if err != nil {
			return err
		}
		chosen := slices.DeleteFunc(slices.Clone(tests), func(t string) bool { return !run.MatchString(t) || skip.MatchString(t) })
		s.tests = append(s.tests, chosen...)
		if len(chosen) > 0 || len(tests) == 0 {
			fmt.Fprintln(h, filepath.Base(name), len(text))
			h.Write(text)
		}
	}
	if len(s.tests) == 0 {
		return fmt.Errorf("suite %s: no test in %s matches", s.name, s.pkg)
	}
	s.digest = hex.EncodeToString(h.Sum(nil)[:16])
	return nil
}

// testsIn returns the names of the tests, fuzzers, benchmarks and examples in a file.
func testsIn(name string, text []byte) (tests []string, err error) {
	f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, d := range f.Decls {
		if d, ok := d.(*ast.FuncDecl); ok && d.Recv == nil {
			for _, kind := range []string{"Test", "Fuzz", "Benchmark", "Example"} {
				if strings.HasPrefix(d.Name.Name, kind) && d.Name.Name != "TestMain" {
					tests = append(tests, d.Name.Name)
				}
			}
		}
	}
	return tests, nil
}

// readSurvivors reads the lists of survivors of a folder. The list of dir/file.go is dir/file.txt. Its entries are in the
// form that the command prints. An indented reason, which begins with "equivalent:" or "speed:", follows one or more
// entries.
func readSurvivors(folder string) (reasons, entries map[string]string, err error) {
	reasons, entries = map[string]string{}, map[string]string{}
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".txt" {
			return err
		}
		list, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		return readList(path, strings.TrimSuffix(filepath.ToSlash(list), ".txt")+".go", reasons, entries)
	})
	if os.IsNotExist(err) {
		err = nil
	}
	return reasons, entries, err
}

// readList reads the list of survivors of one file.
func readList(path, file string, reasons, entries map[string]string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var waiting []string // for their reason
	explained := true
	for i, line := range strings.Split(string(bytes.TrimRight(text, "\n")), "\n") {
		fail := func(what string) error { return fmt.Errorf("%s:%d: %s", path, i+1, what) }
		switch words := strings.Fields(line); {
		case len(words) == 0 || words[0][0] == '#':
		case line[0] != '\t' && line[0] != ' ':
			id := words[0]
			if entries[id] != "" {
				return fail("a second entry of " + id)
			}
			if len(words) < 2 || words[1] != file {
				return fail("no entry of " + file)
			}
			if explained {
				waiting, explained = nil, false
			}
			entries[id], waiting = line, append(waiting, id)
		case len(waiting) == 0:
			return fail("a reason without an entry")
		default:
			if !explained && words[0] != "equivalent:" && words[0] != "speed:" {
				return fail(`a reason begins with "equivalent:" or "speed:"`)
			}
			explained = true
			for _, id := range waiting {
				reasons[id] = strings.TrimSpace(reasons[id] + " " + strings.Join(words, " "))
			}
		}
	}
	if !explained {
		return fmt.Errorf("%s: the last entry has no reason", path)
	}
	return nil
}
