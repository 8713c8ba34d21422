// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

const (
	syncPath      = "sync"
	semaphorePath = "golang.org/x/sync/semaphore"
	modulePath    = "github.com/osync-go/osync"
	locksPath     = modulePath + "/locks"
)

// A program is the packages of the main modules, the files that change, and the findings.
type program struct {
	options
	dir      string // what printed paths are relative to
	fset     *token.FileSet
	packages []*packages.Package // loaded from source, each after those that it imports
	units    map[string]*unit    // by folder
	modules  map[string]*packages.Module
	left     []finding // what was left alone
}

// A unit is the packages of one folder: a package and its tests. It is moved as a whole, or not at all.
type unit struct {
	name   string // the import path
	dir    string
	chosen bool // by the command line
	moves  bool // to osync, as far as known
	files  map[string]*file
	notes  []finding
	others map[string]bool // the packages already reported to the user
}

// A file is a file that changes.
type file struct {
	path     string
	old, new []byte
	syntax   *ast.File // of new
}

// A finding is a line of the report.
type finding struct {
	pos  token.Position
	text string
}

// load loads the packages that the patterns name, and all other packages of their modules, which may depend on them.
func load(dir string, patterns []string, o options, progress *progress) (*program, error) {
	if dir == "" {
		var err error
		if dir, err = os.Getwd(); err != nil {
			return nil, err
		}
	}
	p := &program{
		options: o, dir: dir, fset: token.NewFileSet(),
		units: map[string]*unit{}, modules: map[string]*packages.Module{},
	}
	config := &packages.Config{
		Mode:  packages.NeedName | packages.NeedFiles | packages.NeedModule | packages.NeedForTest,
		Dir:   dir,
		Fset:  p.fset,
		Tests: true,
	}
	if o.tags != "" {
		config.BuildFlags = []string{"-tags=" + o.tags}
	}
	progress.show("listing packages")
	modules, err := mainModules(dir)
	if err != nil {
		return nil, err
	}
	chosen, err := packages.Load(config, patterns...)
	if err != nil {
		return nil, err
	}
	all := slices.Clone(patterns)
	for _, pkg := range chosen {
		if pkg.Module == nil && len(pkg.Errors) > 0 {
			return nil, pkg.Errors[0]
		}
		if u := p.unitOf(pkg); u != nil {
			u.chosen = true
		}
	}
	if len(p.units) == 0 {
		return nil, fmt.Errorf("no package of the main module is among %s", strings.Join(patterns, " "))
	}
	for _, path := range modules {
		all = append(all, path+"/...")
	}

	progress.show("loading packages")
	config.Mode |= packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedTypes | packages.NeedSyntax |
		packages.NeedTypesInfo | packages.NeedTypesSizes
	roots, err := packages.Load(config, all...)
	if err != nil {
		return nil, err
	}
	packages.Visit(roots, nil, func(pkg *packages.Package) {
		if len(pkg.Syntax) > 0 && pkg.TypesInfo != nil && !strings.HasSuffix(pkg.ID, ".test") {
			p.packages = append(p.packages, pkg)
		}
	})
	p.broken(roots)
	p.notLoaded(roots)
	return p, nil
}

// nameOf returns the name of a file, regardless of its line directives.
func (p *program) nameOf(f *ast.File) string { return p.fset.File(f.FileStart).Name() }

// mainModules returns the paths of the modules of the workspace, or of the one module.
func mainModules(dir string) ([]string, error) {
	cmd := exec.Command("go", "list", "-m")
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return nil, errors.New("there is no module here: it must run in a folder with a go.mod or below one")
	}
	return strings.Fields(string(out)), nil
}

// unitOf returns the unit of a package. It is nil for packages that are not the user's to change.
func (p *program) unitOf(pkg *packages.Package) *unit {
	if pkg.Module == nil || !pkg.Module.Main || len(pkg.GoFiles) == 0 || strings.HasSuffix(pkg.ID, ".test") {
		return nil
	}
	p.modules[pkg.Module.Path] = pkg.Module
	dir := filepath.Dir(pkg.GoFiles[0])
	u := p.units[dir]
	if u == nil {
		u = &unit{dir: dir, files: map[string]*file{}, others: map[string]bool{}}
		p.units[dir] = u
	}
	name := pkg.PkgPath
	if pkg.ForTest != "" {
		name = strings.TrimSuffix(name, "_test")
	}
	u.name = name
	return u
}

// broken reports the packages that do not compile as they are. They do not move.
func (p *program) broken(roots []*packages.Package) {
	said := map[*unit]bool{}
	for _, pkg := range roots {
		u := p.unitOf(pkg)
		if u == nil || len(pkg.Errors) == 0 {
			continue
		}
		if u.chosen && !said[u] {
			said[u] = true
			first := pkg.Errors[0]
			for _, err := range pkg.Errors {
				if err.Kind != packages.ListError { // that has what the compiler prints, with newlines
					first = err
					break
				}
			}
			text := u.name + " does not compile as it is: " + plain(strings.TrimSpace(first.Msg))
			if strings.Contains(first.Msg, locksPath) {
				text += fmt.Sprintf(" (first run: go get %s)", modulePath)
			}
			p.left = append(p.left, finding{parsePosition(first.Pos), text})
		}
		u.chosen = false
	}
}

// notLoaded reports the files that use package sync or semaphore and that this build lacks: those of other
// systems and tags, and those that use cgo.
func (p *program) notLoaded(roots []*packages.Package) {
	seen := map[string]bool{}
	for _, pkg := range roots {
		u := p.unitOf(pkg)
		if u == nil || !u.chosen {
			continue
		}
		for _, name := range pkg.IgnoredFiles {
			if !seen[name] && strings.HasSuffix(name, ".go") && len(p.parseImports(name)) > 0 {
				p.left = append(p.left, finding{token.Position{Filename: name}, "the build constraints exclude it: run again with other -tags, or with its GOOS and GOARCH set"})
			}
			seen[name] = true
		}
		for _, name := range pkg.GoFiles {
			if !seen[name] && !slices.Contains(pkg.CompiledGoFiles, name) && len(p.parseImports(name)) > 0 {
				p.left = append(p.left, finding{token.Position{Filename: name}, "it uses cgo, and the command does not edit such files: replace its imports by hand"})
			}
			seen[name] = true
		}
	}
}

// parseImports returns which of the packages that this command replaces a file imports.
func (p *program) parseImports(name string) (paths []string) {
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
	if err != nil {
		return nil
	}
	return oldImports(f)
}

// oldImports returns which of the packages that this command replaces a file imports.
func oldImports(f *ast.File) (paths []string) {
	for _, spec := range f.Imports {
		if path := importPath(spec); path == syncPath || path == semaphorePath {
			paths = append(paths, path)
		}
	}
	return paths
}

func importPath(spec *ast.ImportSpec) string {
	path, _ := strconv.Unquote(spec.Path.Value)
	return path
}

// parsePosition is the inverse of token.Position.String.
func parsePosition(s string) (pos token.Position) {
	parts := strings.Split(s, ":")
	for len(parts) > 1 && len(parts) > 0 {
		n, err := strconv.Atoi(parts[len(parts)-1])
		if err != nil {
			break
		}
		pos.Column, pos.Line = pos.Line, n
		parts = parts[:len(parts)-1]
	}
	pos.Filename = strings.Join(parts, ":")
	if pos.Filename == "-" {
		pos.Filename = ""
	}
	return pos
}

// sorted returns findings in the order of files and lines, each once.
func sorted(list []finding) []finding {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.pos.Filename, b.pos.Filename), cmp.Compare(a.pos.Offset, b.pos.Offset),
			cmp.Compare(a.pos.Line, b.pos.Line), cmp.Compare(a.text, b.text))
	})
	return slices.Compact(list)
}
