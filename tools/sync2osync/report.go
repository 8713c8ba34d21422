// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"fmt"
	"go/version"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"
	"golang.org/x/tools/go/packages"
)

// finish writes the files, or prints how they would change, and then prints the report.
func (p *program) finish(stdout, stderr io.Writer) int {
	var files []*file
	var notes []finding
	moved := 0
	for _, u := range p.units {
		if u.moves {
			moved++
			for _, f := range u.files {
				files = append(files, f)
			}
		}
		if u.moves || len(u.files) == 0 {
			notes = append(notes, u.notes...)
		}
	}
	slices.SortFunc(files, func(a, b *file) int { return strings.Compare(a.path, b.path) })
	colors := isTerminal(stdout) && os.Getenv("NO_COLOR") == ""
	written := 0
	for _, f := range files {
		var err error
		if p.diff {
			name := p.relative(f.path)
			text := udiff.Unified("a/"+name, "b/"+name, string(f.old), string(f.new))
			if colors {
				text = colored(text)
			}
			_, err = io.WriteString(stdout, text)
		} else {
			err = f.write()
		}
		if err != nil {
			fmt.Fprintf(stderr, "sync2osync: %v\nsync2osync: %d of %d files are written\n", err, written, len(files))
			return exitFailed
		}
		written++
	}

	for _, section := range []struct {
		title string
		list  []finding
	}{
		{"left alone", p.left},
		{"look at", notes},
	} {
		list := sorted(section.list)
		if len(list) > 0 {
			fmt.Fprintf(stderr, "%s:\n", section.title)
		}
		for _, f := range list {
			fmt.Fprintf(stderr, "\t%s\n", strings.TrimPrefix(p.position(f)+": ", ": ")+f.text)
		}
	}
	verb := "changed"
	if p.diff {
		verb = "would change"
	}
	fmt.Fprintf(stderr, "%s %d files in %d packages; left alone: %d; to look at: %d\n", verb, len(files), moved, len(sorted(p.left)), len(sorted(notes)))
	if len(files) > 0 {
		p.hints(stderr)
	}
	if len(p.left) > 0 || p.diff && len(files) > 0 {
		return exitLeft
	}
	return exitDone
}

// write writes the new text, if the file still has the old one.
func (f *file) write() error {
	now, err := os.ReadFile(f.path)
	if err != nil {
		return err
	}
	if !bytes.Equal(now, f.old) {
		return fmt.Errorf("%s was changed by somebody else meanwhile", f.path)
	}
	return os.WriteFile(f.path, f.new, 0o666) // the file keeps its mode
}

// mainModules returns the modules of the loaded packages, in the order of their paths.
func (p *program) mainModules() (list []*packages.Module) {
	for _, path := range slices.Sorted(maps.Keys(p.modules)) {
		list = append(list, p.modules[path])
	}
	return list
}

// hints prints the commands to run next.
func (p *program) hints(stderr io.Writer) {
	fmt.Fprintln(stderr, "next, in each module:")
	fmt.Fprintf(stderr, "\tgo get %s@latest && go mod tidy\n", modulePath)
	for _, m := range p.mainModules() {
		if _, err := os.Stat(filepath.Join(m.Dir, "vendor", "modules.txt")); err == nil {
			fmt.Fprintln(stderr, "\tgo mod vendor")
			break
		}
	}
	fmt.Fprintln(stderr, "\tgo vet ./... && go test ./...")
	for _, m := range p.mainModules() {
		if m.GoVersion != "" && version.Compare("go"+m.GoVersion, "go1.22") < 0 {
			fmt.Fprintf(stderr, "%s says go %s, and go get raises that: since 1.22 each round of a for loop has variables of its own\n", p.relative(m.GoMod), m.GoVersion)
		}
	}
}

func (p *program) position(f finding) string {
	pos := f.pos
	pos.Filename = p.relative(pos.Filename)
	if pos.Filename == "" {
		return ""
	}
	return pos.String()
}

// relative returns a path relative to the folder of the command, with slashes.
func (p *program) relative(path string) string {
	if rel, err := filepath.Rel(p.dir, path); err == nil && path != "" && !strings.HasPrefix(rel, "..") {
		path = rel
	}
	return filepath.ToSlash(path)
}
