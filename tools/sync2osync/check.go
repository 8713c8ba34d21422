// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/packages"
)

// A checker type checks packages with the new texts of the units that move.
type checker struct {
	p       *program
	results map[*packages.Package]*types.Package // for packages whose types differ from the loaded ones
	locks   *types.Package
	loaded  map[string]*types.Package // by import path
	extra   map[string]*types.Package // packages that only the stub imports
}

// settle finds the units that can move. It checks all of them, removes those that do not compile or that keep others from
// compiling, and repeats this until there is no error left.
func (p *program) settle(progress *progress) error {
	c := &checker{p: p, results: map[*packages.Package]*types.Package{}, loaded: map[string]*types.Package{}}
	for _, pkg := range p.packages {
		for path, dep := range pkg.Imports {
			if dep.Types != nil && dep.Types.Name() != "" {
				c.loaded[path] = dep.Types
			}
		}
	}
	if c.locks = c.loaded[locksPath]; c.locks == nil {
		var err error
		if c.locks, err = parseStub(c); err != nil {
			return err
		}
	}

	flipped := map[*unit]bool{} // units whose text has changed since the last round
	for _, u := range p.units {
		flipped[u] = u.moves
	}
	for len(flipped) > 0 {
		next := map[*unit]bool{}
		dirty := map[*packages.Package]bool{} // they, or what they import, have another text now
		stale := map[*packages.Package]bool{} // they will be dirty in the next round
		for i, pkg := range p.packages {
			u := p.unitOf(pkg)
			dirty[pkg] = u != nil && flipped[u]
			stale[pkg] = u != nil && next[u]
			for _, dep := range pkg.Imports {
				dirty[pkg] = dirty[pkg] || dirty[dep]
				stale[pkg] = stale[pkg] || stale[dep]
			}
			if !dirty[pkg] || stale[pkg] {
				continue
			}
			progress.show("checking package %d of %d", i+1, len(p.packages))
			for _, err := range c.check(pkg, u) {
				if u != nil && u.moves {
					c.leave(u, u.name+" stays as it is: it would not compile", err, next)
				} else {
					c.blame(pkg, err, next)
				}
				stale[pkg] = true
				break // one error is enough
			}
		}
		flipped = next
	}
	return nil
}

// leave removes a unit, and records the reason.
func (c *checker) leave(u *unit, why string, err types.Error, flipped map[*unit]bool) {
	u.moves = false
	flipped[u] = true
	c.p.left = append(c.p.left, finding{c.p.oldPosition(err), why + ": " + plain(err.Msg)})
}

// plain writes the types of a message as code does. The type checker quotes the path of a package if two packages have its name.
func plain(msg string) string {
	return strings.NewReplacer(`"sync".`, "sync.", `"`+locksPath+`".`, "locks.").Replace(msg)
}

// oldPosition returns the position of an error in the old text, if it is after the imports.
func (p *program) oldPosition(err types.Error) token.Position {
	pos := err.Fset.Position(err.Pos)
	for _, u := range p.units {
		if f := u.files[pos.Filename]; f != nil && f.syntax.FileStart <= err.Pos && err.Pos < f.syntax.FileEnd {
			pos.Line += bytes.Count(f.old, []byte("\n")) - bytes.Count(f.new, []byte("\n"))
		}
	}
	return pos
}

// check type checks a package, and returns its errors. A package that had errors when it was loaded, and so does not move,
// has none here.
func (c *checker) check(pkg *packages.Package, u *unit) (errs []types.Error) {
	files := slices.Clone(pkg.Syntax)
	if u != nil && u.moves {
		for i, f := range files {
			if changed := u.files[c.p.nameOf(f)]; changed != nil {
				files[i] = changed.syntax
			}
		}
	}
	config := types.Config{
		Importer: importerFunc(func(path string) (*types.Package, error) { return c.importFor(pkg, path) }),
		Sizes:    pkg.TypesSizes,
		Error: func(err error) {
			var e types.Error
			if errors.As(err, &e) && !strings.HasPrefix(e.Msg, "\t") && len(pkg.Errors) == 0 {
				errs = append(errs, e)
			}
		},
	}
	if pkg.Module != nil && pkg.Module.GoVersion != "" {
		config.GoVersion = "go" + pkg.Module.GoVersion
	}
	c.results[pkg], _ = config.Check(pkg.PkgPath, c.p.fset, files, nil)
	slices.SortStableFunc(errs, func(a, b types.Error) int { return cmp.Compare(a.Pos, b.Pos) })
	return errs
}

// importFor returns the package that an import of a package means in this round.
func (c *checker) importFor(pkg *packages.Package, path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if dep := pkg.Imports[path]; dep != nil {
		if checked := c.results[dep]; checked != nil {
			return checked, nil
		}
		if dep.Types != nil && dep.Types.Name() != "" {
			return dep.Types, nil
		}
	}
	if path == locksPath {
		return c.locks, nil
	}
	return nil, fmt.Errorf("%s is not among the imports of %s", path, pkg.PkgPath)
}

// Import implements types.Importer for the stub of package locks.
func (c *checker) Import(path string) (*types.Package, error) {
	if pkg := c.loaded[path]; pkg != nil {
		return pkg, nil
	}
	if c.extra == nil { // no package of the program imports it
		c.extra = map[string]*types.Package{}
		list, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes, Dir: c.p.dir}, "context", syncPath)
		if err != nil {
			return nil, err
		}
		for _, pkg := range list {
			c.extra[pkg.PkgPath] = pkg.Types
		}
	}
	if pkg := c.extra[path]; pkg != nil {
		return pkg, nil
	}
	return nil, fmt.Errorf("cannot import %s", path)
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// blame removes the units that cause an error in a package that does not move: those whose names are in the statement
// with the error, or otherwise those that the package imports.
func (c *checker) blame(pkg *packages.Package, err types.Error, flipped map[*unit]bool) {
	moving := map[string]*unit{}
	for _, u := range c.p.units {
		if u.moves {
			moving[u.name] = u
		}
	}
	guilty := map[*unit]bool{}
	add := func(path string) {
		if u := moving[path]; u != nil {
			guilty[u] = true
		}
	}
	for _, f := range pkg.Syntax {
		if err.Pos < f.FileStart || err.Pos >= f.FileEnd {
			continue
		}
		nodes, _ := astutil.PathEnclosingInterval(f, err.Pos, err.Pos)
		for _, n := range nodes {
			_, isStmt := n.(ast.Stmt)
			_, isSpec := n.(ast.Spec)
			if !isStmt && !isSpec {
				continue
			}
			ast.Inspect(n, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok {
					if obj := pkg.TypesInfo.Uses[id]; obj != nil && obj.Pkg() != nil && touches(obj.Type()) {
						add(obj.Pkg().Path())
					}
				}
				return true
			})
			break
		}
	}
	if len(guilty) == 0 {
		for _, dep := range pkg.Imports {
			add(dep.PkgPath)
		}
	}
	if len(guilty) == 0 {
		packages.Visit([]*packages.Package{pkg}, nil, func(dep *packages.Package) { add(dep.PkgPath) })
	}
	if len(guilty) == 0 {
		c.p.left = append(c.p.left, finding{c.p.oldPosition(err), "cannot check " + pkg.PkgPath + ": " + plain(err.Msg)})
	}
	for u := range guilty {
		c.leave(u, fmt.Sprintf("%s stays as it is: %s, which is not moved, would not compile", u.name, pkg.PkgPath), err, flipped)
	}
}

// touches reports whether a type involves the types that change, for example as a parameter.
func touches(t types.Type) bool {
	found := false
	var walk func(t types.Type, depth int)
	walk = func(t types.Type, depth int) {
		if t == nil || found || depth > 4 {
			return
		}
		if changes[typePath(t)] {
			found = true
			return
		}
		switch t := t.(type) {
		case *types.Alias:
			walk(types.Unalias(t), depth)
		case *types.Named:
			walk(t.Underlying(), depth+1)
			for m := range t.Methods() {
				walk(m.Type(), depth+1)
			}
		case *types.Pointer:
			walk(t.Elem(), depth)
		case *types.Slice:
			walk(t.Elem(), depth)
		case *types.Array:
			walk(t.Elem(), depth)
		case *types.Chan:
			walk(t.Elem(), depth)
		case *types.Map:
			walk(t.Key(), depth)
			walk(t.Elem(), depth)
		case *types.Struct:
			for f := range t.Fields() {
				walk(f.Type(), depth+1)
			}
		case *types.Signature:
			for v := range t.Params().Variables() {
				walk(v.Type(), depth)
			}
			for v := range t.Results().Variables() {
				walk(v.Type(), depth)
			}
		}
	}
	walk(t, 0)
	return found
}

// changes are the types that change. Map, Pool and Locker stay the same.
var changes = map[string]bool{
	"sync.Mutex": true, "sync.RWMutex": true, "sync.WaitGroup": true, "sync.Once": true, "sync.Cond": true,
	semaphorePath + ".Weighted": true,
}

// typePath returns the import path and name of a type, or of the type to which it points.
func typePath(t types.Type) string {
	t = types.Unalias(t)
	if ptr, ok := t.(*types.Pointer); ok {
		t = types.Unalias(ptr.Elem())
	}
	if named, ok := t.(*types.Named); ok && named.Obj().Pkg() != nil {
		return named.Obj().Pkg().Path() + "." + named.Obj().Name()
	}
	return ""
}
