// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Options say what to rewrite.
type Options struct {
	Dir        string    // where the go command runs
	Env        []string  // its environment
	BuildFlags []string  // flags that affect what is compiled, such as -tags
	Patterns   []string  // the packages to test
	With       []string  // patterns of further packages to rewrite
	Without    []string  // patterns of packages not to rewrite
	Vars       bool      // record reads and writes of variables
	Overlay    string    // an overlay file for the go command; it must be in BuildFlags, too
	Folder     string    // the folder for the rewritten files; it must exist
	Verbose    io.Writer // receives messages about what was rewritten; may be nil
}

// An Overlay makes the go command use the rewritten source.
type Overlay struct {
	Flags []string // for "go test", in front of all others
	Env   []string // its environment
}

// Rewrite writes an overlay with rewritten copies of the packages that o names, and of the packages of the main modules
// and of osync that they import.
func Rewrite(ctx context.Context, o Options) (*Overlay, error) {
	r := &run{Options: &o, fset: token.NewFileSet(), exports: exports{}, own: map[string]bool{}, copies: map[string]string{}}
	if err := r.readOverlay(); err != nil {
		return nil, err
	}
	if err := r.load(ctx); err != nil {
		return nil, err
	}
	for _, p := range r.units() {
		if err := r.copyModule(p); err != nil {
			return nil, err
		}
		if err := r.rewrite(ctx, p); err != nil {
			return nil, err
		}
	}
	return r.write(ctx)
}

// A run is one call of Rewrite.
type run struct {
	*Options
	env map[string]string

	fset     *token.FileSet
	packages []*listed
	exports  exports
	repl     replacements
	own      map[string]bool   // the explorer's own packages, by import path
	given    map[string]string // the files of Options.Overlay by the path of the original
	overlay  map[string]string // those, and the rewritten files
	changed  int               // the number of rewritten files
	copies   map[string]string // of modules, by the folder in the module cache
	replace  []string          // directives that refer to the copies
	plain    types.Importer    // for packages that are not recompiled for a test
}

// readOverlay reads the overlay of the options.
func (r *run) readOverlay() error {
	r.given, r.overlay = map[string]string{}, map[string]string{}
	if r.Overlay == "" {
		return nil
	}
	content, err := os.ReadFile(r.Overlay)
	if err != nil {
		return err
	}
	var o struct{ Replace map[string]string }
	if err := json.Unmarshal(content, &o); err != nil {
		return fmt.Errorf("%s: %w", r.Overlay, err)
	}
	dir, err := filepath.Abs(r.Dir) // where the go command runs
	if err != nil {
		return err
	}
	absolute := func(name string) string {
		if name == "" || filepath.IsAbs(name) {
			return name
		}
		return filepath.Join(dir, name)
	}
	for from, to := range o.Replace {
		r.given[absolute(from)] = absolute(to)
	}
	maps.Copy(r.overlay, r.given)
	return nil
}

// readFile reads a file of the source, or its replacement in the overlay of the options.
func (r *run) readFile(name string) ([]byte, error) {
	if to := r.given[name]; to != "" {
		name = to
	}
	return os.ReadFile(name)
}

// load loads the packages and the replacements with the go command.
func (r *run) load(ctx context.Context) error {
	var packages, own []*listed
	var errs [3]error
	var wg sync.WaitGroup
	wg.Go(func() { packages, errs[0] = r.list(ctx, []string{"-test"}, r.Patterns...) })
	wg.Go(func() {
		patterns := []string{hookPath}
		for _, path := range replaced {
			patterns = append(patterns, module+"/explore/"+path)
		}
		own, errs[1] = r.list(ctx, nil, patterns...)
	})
	wg.Go(func() {
		var out []byte
		if out, errs[2] = r.goCommand(ctx, "env", "-json", "GOOS", "GOARCH", "CGO_ENABLED", "GOMODCACHE", "GOMOD", "GOWORK"); errs[2] == nil {
			errs[2] = json.Unmarshal(out, &r.env)
		}
	})
	wg.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		if strings.Contains(err.Error(), "-mod=vendor") {
			err = fmt.Errorf("%w\nThe vendor folder lacks packages that the rewritten source imports: add the flag -mod=mod", err)
		}
		return err
	}
	if len(packages) == 0 {
		return errors.New("no packages to test: name some, such as ./..., or run the command in the folder of a package")
	}
	for _, p := range own {
		r.own[p.path()] = true
	}
	for _, p := range slices.Backward(packages) {
		if r.own[p.path()] || p.path() == module+"/explore" {
			r.own[p.path()] = true
			for _, path := range p.Imports {
				path, _, _ = strings.Cut(path, " ")
				r.own[path] = true
			}
		}
	}
	r.packages = packages
	r.exports.add(own)
	r.exports.add(packages)
	r.plain = r.exports.importer(r.fset, nil)
	r.repl = replacements{}
	for _, path := range replaced {
		pkg, err := r.plain.Import(module + "/explore/" + path)
		if err != nil {
			return err
		}
		r.repl[path] = pkg
	}
	return nil
}

// units returns the packages to rewrite. For a package under test it is the one that includes the test files.
func (r *run) units() []*listed {
	var units []*listed
	at := map[string]int{}
	for _, p := range r.packages {
		if !r.selected(p) {
			continue
		}
		if i, ok := at[p.path()]; !ok {
			at[p.path()] = len(units)
			units = append(units, p)
		} else if p.ForTest == p.path() {
			units[i] = p
		}
	}
	slices.SortFunc(units, func(a, b *listed) int { return cmp.Compare(a.path(), b.path()) })
	return units
}

// selected reports whether to rewrite p.
func (r *run) selected(p *listed) bool {
	if p.Standard || p.Module == nil || strings.HasSuffix(p.ImportPath, ".test") || r.own[p.path()] {
		return false
	}
	ours := p.Module.Main || p.Module.Path == module
	return (ours || matches(r.With, p.tested())) && !matches(r.Without, p.tested())
}

// matches reports whether one of the patterns, in which "..." stands for any string, matches an import path.
func matches(patterns []string, importPath string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		re := strings.ReplaceAll(regexp.QuoteMeta(pattern), `\.\.\.`, `.*`)
		if root, ok := strings.CutSuffix(re, `/.*`); ok {
			re = root + `(/.*)?`
		}
		return regexp.MustCompile(`^` + re + `$`).MatchString(importPath)
	})
}

// put writes a rewritten file to the folder, under a new name.
func (r *run) put(original, content string) error {
	dir := filepath.Join(r.Folder, strconv.Itoa(r.changed))
	r.changed++
	if err := os.Mkdir(dir, 0o777); err != nil {
		return err
	}
	to := filepath.Join(dir, filepath.Base(original))
	r.overlay[r.actual(original)] = to
	return os.WriteFile(to, []byte(content), 0o666)
}

// say prints a message if the user asked for messages.
func (r *run) say(format string, args ...any) {
	if r.Verbose != nil {
		fmt.Fprintf(r.Verbose, "explore: "+format+"\n", args...)
	}
}

// write writes the file for -overlay.
func (r *run) write(ctx context.Context) (*Overlay, error) {
	content, err := json.MarshalIndent(map[string]any{"Replace": r.overlay}, "", "\t")
	if err != nil {
		return nil, err
	}
	name := filepath.Join(r.Folder, "overlay.json")
	if err := os.WriteFile(name, content, 0o666); err != nil {
		return nil, err
	}
	flags, env, err := r.redirect(ctx)
	return &Overlay{Flags: append(flags, "-overlay="+name), Env: env}, err
}
