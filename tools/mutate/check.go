// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A checker type-checks one package again and again, each time with another text for one of its files.
// It reads what the package imports from export data, and checks only the bodies of that file.
type checker struct {
	path     string // the import path
	goos     string
	dir      string
	fset     *token.FileSet
	files    map[string]*ast.File // by base name, without bodies
	importer types.Importer
	version  string
}

// listed is the output of "go list" for a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
	DepOnly                 bool
	Module                  *struct{ GoVersion string }
	Error                   *struct{ Err string }
}

// newChecker returns a checker of the package in dir, as it is built for goos.
func newChecker(dir, goos string) (*checker, error) {
	cmd := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,DepOnly,Module,Error", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOOS="+goos, "CGO_ENABLED=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list in %s: %w\n%s", dir, err, stderr.Bytes())
	}
	c := &checker{goos: goos, dir: dir, fset: token.NewFileSet(), files: map[string]*ast.File{}}
	exports := map[string]string{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list in %s: %w", dir, err)
		}
		if p.Error != nil {
			return nil, fmt.Errorf("go list in %s: %s", dir, p.Error.Err)
		}
		exports[p.ImportPath] = p.Export
		if p.DepOnly {
			continue
		}
		c.path = p.ImportPath
		if p.Module != nil {
			c.version = "go" + p.Module.GoVersion
		}
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(c.fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			for _, d := range f.Decls {
				if d, ok := d.(*ast.FuncDecl); ok {
					d.Body = nil
				}
			}
			c.files[name] = f
		}
	}
	c.importer = importer.ForCompiler(c.fset, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(exports[path])
	})
	return c, nil
}

// check parses and type-checks text as the file of that name. Errors holds the type errors in the file.
// Info is filled if it is not nil.
func (c *checker) check(name string, text []byte, info *types.Info) (f *ast.File, pkg *types.Package, errs []types.Error, err error) {
	path := filepath.Join(c.dir, name)
	f, err = parser.ParseFile(c.fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, nil, nil, err
	}
	defer c.fset.RemoveFile(c.fset.File(f.FileStart)) // thousands follow; no position is used afterwards
	files := []*ast.File{f}
	for other, g := range c.files {
		if other != name {
			files = append(files, g)
		}
	}
	conf := types.Config{
		Importer:  c.importer,
		GoVersion: c.version,
		Sizes:     types.SizesFor("gc", "amd64"),
		Error: func(err error) {
			// The other files have no bodies, so that their imports look unused.
			if e := (types.Error{}); errors.As(err, &e) && c.fset.Position(e.Pos).Filename == path {
				errs = append(errs, e)
			}
		},
	}
	pkg, _ = conf.Check(c.path, c.fset, files, info)
	return f, pkg, errs, nil
}

// compilable returns text, or text with a few insertions that make it compile: they mark as used a variable or an
// import that only the mutated statement used. It reports false if text is not valid Go.
func (c *checker) compilable(name string, text []byte) ([]byte, bool) {
	for range 3 {
		f, _, errs, err := c.check(name, text, nil)
		if err != nil {
			return nil, false
		}
		if len(errs) == 0 {
			return text, true
		}
		var edits []edit
		for _, e := range errs {
			if !e.Soft {
				return nil, false
			}
			mend, ok := use(f, e)
			if !ok {
				return nil, false
			}
			edits = append(edits, mend)
		}
		text = apply(text, edits)
	}
	return nil, false
}

// use returns an insertion that fixes an error of the type checker about something that is not used.
func use(f *ast.File, e types.Error) (edit, bool) {
	for _, spec := range f.Imports {
		if spec.Pos() <= e.Pos && e.Pos < spec.End() {
			from := spec.Pos()
			return edit{int(from - f.FileStart), int(spec.Path.Pos() - f.FileStart), "_ "}, true
		}
	}
	name, ok := strings.CutPrefix(e.Msg, "declared and not used: ")
	if !ok {
		return edit{}, false
	}
	insert := func(at token.Pos, text string) (edit, bool) {
		offset := int(at - f.FileStart)
		return edit{offset, offset, text}, true
	}
	var path []ast.Node
	ast.PreorderStack(f, nil, func(n ast.Node, stack []ast.Node) bool {
		if n.Pos() > e.Pos || e.Pos >= n.End() {
			return false
		}
		path = append(slices.Clone(stack), n)
		return true
	})
	for i := len(path) - 1; i > 0; i-- {
		switch parent := path[i-1].(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
			return insert(path[i].End(), "; _ = "+name)
		case *ast.IfStmt:
			if path[i] == parent.Init {
				return insert(parent.Body.Lbrace+1, " _ = "+name+"; ")
			}
		case *ast.ForStmt:
			if path[i] == parent.Init {
				return insert(parent.Body.Lbrace+1, " _ = "+name+"; ")
			}
		case *ast.RangeStmt:
			return insert(parent.Body.Lbrace+1, " _ = "+name+"; ")
		case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.FuncLit:
			return edit{}, false
		}
	}
	return edit{}, false
}
