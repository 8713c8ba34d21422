// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
)

// A unit is a package that is being rewritten, with its tests if it is tested.
type unit struct {
	*run
	*listed
	files []*file // those of the seams come last
	pkg   *types.Package
	info  *types.Info
}

// rewrite changes the files of a package.
func (r *run) rewrite(ctx context.Context, p *listed) error {
	u := &unit{run: r, listed: p}
	for _, name := range slices.Concat(p.GoFiles, p.CgoFiles) {
		if _, err := u.parse(filepath.Join(p.Dir, name)); err != nil {
			return err
		}
	}
	if err := u.seams(ctx); err != nil {
		return err
	}
	if err := u.check(); err != nil {
		return err
	}
	changed := 0
	for _, f := range u.files {
		out, ok := f.rewrite()
		if !ok && f.seam == "" {
			continue
		}
		changed++
		// Then the compiler's messages, and everything else, name the source.
		original := f.tok.Name()
		if err := r.put(filepath.Join(p.Dir, f.seam+filepath.Base(original)), "//line "+original+":1:1\n"+out); err != nil {
			return err
		}
	}
	r.say("%s: %d of %d files rewritten", p.ImportPath, changed, len(u.files))
	for _, path := range p.Imports {
		if slices.Contains(blocking, path) {
			r.say("%s: imports %s: a goroutine must not block there, as the explorer does not see it", p.ImportPath, path)
		}
	}
	return u.register()
}

// blocking lists packages of the standard library in which a goroutine waits for something other than a goroutine.
var blocking = []string{"net", "net/http", "os/exec", "os/signal", "testing/synctest"}

// parse reads a file.
func (u *unit) parse(name string) (*file, error) {
	src, err := u.readFile(name)
	if err != nil {
		return nil, err
	}
	syntax, err := parser.ParseFile(u.fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	f := &file{text: text{tok: u.fset.File(syntax.FileStart), src: src}, syntax: syntax}
	f.left = func(pos token.Pos, what string) { u.say("%v: %s is not rewritten", u.fset.Position(pos), what) }
	u.files = append(u.files, f)
	return f, nil
}

// check type-checks the package, and passes the types to the files.
func (u *unit) check() error {
	u.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		FileVersions: map[*ast.File]string{},
	}
	config := types.Config{Importer: u.plain, Sizes: types.SizesFor("gc", u.env["GOARCH"]), FakeImportC: true}
	if len(u.ImportMap) > 0 {
		config.Importer = u.exports.importer(u.fset, u.ImportMap)
	}
	if v := u.Module.GoVersion; v != "" {
		config.GoVersion = "go" + v
	}
	var failed error
	config.Error = func(err error) {
		// Soft errors are unused variables and imports: a seam may have removed the use.
		if e, ok := err.(types.Error); failed == nil && !(ok && e.Soft) && len(u.CgoFiles) == 0 {
			failed = err
		}
	}
	var files []*ast.File
	for _, f := range u.files {
		files = append(files, f.syntax)
	}
	u.pkg, _ = config.Check(u.path(), u.fset, files, u.info)
	var escapes map[*types.Var]bool
	if u.Vars && failed == nil {
		escapes = u.escapes()
	}
	for _, f := range u.files {
		f.pkg, f.info, f.repl, f.vars, f.escapes = u.pkg, u.info, u.repl, u.Vars, escapes
	}
	return failed
}

// generate adds a file to the package or to its tests.
func (u *unit) generate(test bool, imports, body string) error {
	name := Generated
	if u.external() {
		name += "_x"
	}
	if test {
		name += "_test"
	}
	return u.run.put(filepath.Join(u.Dir, name+".go"), fmt.Sprintf("package %s\n\nimport (\n%s)\n\n%s", u.Name, imports, body))
}

// isTest reports whether a file is one of the tests.
func (f *file) isTest() bool { return strings.HasSuffix(f.tok.Name(), "_test.go") }
