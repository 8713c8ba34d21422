// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Licences lists the modules that the modules of this repository are built and tested with, and their licences, in
// THIRD_PARTY.md:
//
//	GOWORK=off go -C tools run ./licences
//
// With -check it writes nothing, and fails if THIRD_PARTY.md differs. github.com/google/licensecheck recognizes each
// licence by its text.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// A part is one or more packages of this repository whose dependencies share a table row.
type part struct {
	name     string
	dir      string
	patterns []string
	tests    bool
}

// parts are in the order of their columns.
var parts = []part{
	{"the library", ".", []string{"./sys/...", "./locks/...", "./explore/..."}, false},
	{"`pthread`", ".", []string{"./pthread"}, false},
	{"`examples`", "examples", []string{"./..."}, true},
	{"`tools`", "tools", []string{"./...", "tool"}, true},
	{"`tools/osyncvet`", "tools/osyncvet", []string{"./..."}, true},
	{"`tools/sync2osync`", "tools/sync2osync", []string{"./..."}, true},
}

// systems are those whose dependencies count: others have fewer dependencies, or the same.
var systems = []string{"linux", "windows", "darwin"}

// read has the licences of modules whose texts are not recognized.
var read = map[string]string{
	"github.com/golang/freetype":       "FTL or GPL-2.0-or-later", // LICENSE gives the choice, and names both
	"github.com/mattn/go-localereader": "MIT",                     // according to README.md; there is no text
}

const self = "github.com/osync-go/osync"

// A dependency is a module on which others depend.
type dependency struct {
	path, dir string
	users     []string // names of parts
}

func main() {
	check := flag.Bool("check", false, "fail if THIRD_PARTY.md differs, and write nothing")
	flag.Parse()
	if err := do("..", *check); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

// do updates THIRD_PARTY.md in the folder root, or compares it.
func do(root string, check bool) error {
	dependencies, err := dependencies(root)
	if err != nil {
		return err
	}
	text, err := document(dependencies)
	if err != nil {
		return err
	}
	name := filepath.Join(root, "THIRD_PARTY.md")
	old, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	switch {
	case bytes.Equal(old, text):
		return nil
	case check:
		return errors.New("THIRD_PARTY.md is not current: GOWORK=off go -C tools run ./licences")
	}
	return os.WriteFile(name, text, 0o666)
}

// dependencies returns the modules that packages of the parts import, directly or not, by path.
func dependencies(root string) ([]*dependency, error) {
	byPath := map[string]*dependency{}
	for _, p := range parts {
		for _, system := range systems {
			out, err := list(root, p, system)
			if err != nil {
				return nil, err
			}
			for line := range strings.Lines(out) {
				path, dir, _ := strings.Cut(strings.TrimSpace(line), "\t")
				if path == "" || path == self || strings.HasPrefix(path, self+"/") {
					continue
				}
				d := byPath[path]
				if d == nil {
					d = &dependency{path: path, dir: dir}
					byPath[path] = d
				}
				if !slices.Contains(d.users, p.name) {
					d.users = append(d.users, p.name)
				}
			}
		}
	}
	var all []*dependency
	for _, d := range byPath {
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b *dependency) int { return strings.Compare(a.path, b.path) })
	return all, nil
}

// list prints the module of each package from which p is built on a system. The examples take the library from the workspace, since its release may
// not exist yet.
func list(root string, p part, system string) (string, error) {
	args := []string{"list", "-deps", "-f", "{{with .Module}}{{.Path}}\t{{.Dir}}{{end}}"}
	if p.tests {
		args = append(args, "-test")
	}
	cmd := exec.Command("go", append(args, p.patterns...)...)
	cmd.Dir = filepath.Join(root, p.dir)
	cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0", "GOWORK=off")
	if p.dir == "examples" {
		cmd.Env = append(cmd.Env, "GOWORK=")
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%v in %s: %w\n%s", cmd.Args, p.dir, err, &stderr)
	}
	return string(out), nil
}

// document is the text of THIRD_PARTY.md.
func document(dependencies []*dependency) ([]byte, error) {
	var b bytes.Buffer
	var problems []error
	b.WriteString(head)
	for _, d := range dependencies {
		licence, known := read[d.path]
		if !known {
			var err error
			if licence, err = licenceOf(d.dir); err != nil {
				problems = append(problems, fmt.Errorf("%s in %s: %w", d.path, d.dir, err))
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", d.path, licence, strings.Join(d.users, ", "))
	}
	return b.Bytes(), errors.Join(problems...)
}

const head = `# Software of others

<!-- Written by GOWORK=off go -C tools run ./licences, and compared by its test. -->

A program that uses osync contains one module of others, ` + "`golang.org/x/sys`" + `; if it uses package ` + "`pthread`" + `, also
` + "`github.com/ebitengine/purego`" + `. What else stands here is needed to build and test the examples and the tools, which are modules of their own.
Nothing of it is distributed with osync, whose own licence is [BSD-3-Clause](LICENSE).

The licences are those that the texts in the modules are recognized as, by ` + "`github.com/google/licensecheck`" + `.

| module | licence | needed by |
|---|---|---|
`

// licenceOf recognizes the licence texts at the top of a module.
func licenceOf(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	var found []string
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		if e.IsDir() || !slices.ContainsFunc([]string{"LICENSE", "LICENCE", "COPYING", "UNLICENSE"}, func(s string) bool { return strings.HasPrefix(name, s) }) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return "", err
		}
		for _, m := range licensecheck.Scan(text).Match {
			if !slices.Contains(found, m.ID) {
				found = append(found, m.ID)
			}
		}
	}
	if len(found) == 0 {
		return "", errors.New("no licence that is known")
	}
	slices.Sort(found)
	return strings.Join(found, ", "), nil
}
