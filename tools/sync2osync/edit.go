// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"
	"golang.org/x/tools/go/packages"
)

// rewrite makes the new text of all files of the chosen units. Nothing is written.
func (p *program) rewrite() {
	// A package with its tests comes before the package alone: it knows more names with which a new one could conflict.
	list := slices.Clone(p.packages)
	slices.SortStableFunc(list, func(a, b *packages.Package) int { return -cmp.Compare(len(a.Syntax), len(b.Syntax)) })
	seen := map[string]bool{}
	for _, pkg := range list {
		u := p.unitOf(pkg)
		if u == nil || !u.chosen {
			continue
		}
		if reason := ours(u.name); reason != "" {
			u.chosen = false
			p.left = append(p.left, finding{token.Position{Filename: u.dir}, reason})
			continue
		}
		for _, syntax := range pkg.Syntax {
			name := p.nameOf(syntax)
			if seen[name] || !slices.Contains(pkg.GoFiles, name) {
				continue // or the output of cgo for a file
			}
			seen[name] = true
			p.rewriteFile(u, pkg, syntax, name)
		}
	}
	for _, u := range p.units {
		u.moves = u.chosen && len(u.files) > 0
	}
}

// ours returns the reason why a package cannot import osync.
func ours(path string) string {
	for _, prefix := range []string{modulePath, "golang.org/x/sys"} {
		if path == prefix || strings.HasPrefix(path, prefix+"/") {
			return path + " is osync itself, or what osync imports"
		}
	}
	return ""
}

func (p *program) rewriteFile(u *unit, pkg *packages.Package, syntax *ast.File, name string) {
	p.noteOthers(u, syntax)
	old := oldImports(syntax)
	switch {
	case ast.IsGenerated(syntax) && len(old) > 0:
		p.left = append(p.left, finding{token.Position{Filename: name}, "it is generated: change its generator, or leave it"})
		return
	case ast.IsGenerated(syntax):
		return
	case !p.tests && strings.HasSuffix(name, "_test.go"):
		return
	}
	src, err := os.ReadFile(name)
	if err == nil {
		e := editor{p: p, pkg: pkg, file: syntax, src: src}
		var text []byte
		if text, err = e.edit(); err == nil && text != nil {
			f := &file{path: name, old: src, new: text}
			if f.syntax, err = parser.ParseFile(p.fset, name, text, parser.ParseComments|parser.SkipObjectResolution); err == nil {
				u.files[name] = f
				p.noteFile(u, pkg, syntax)
			}
		}
	}
	if err != nil {
		p.left = append(p.left, finding{token.Position{Filename: name}, err.Error()})
	}
}

// An editor makes the new text of a file.
type editor struct {
	p     *program
	pkg   *packages.Package
	file  *ast.File
	src   []byte
	edits []udiff.Edit
}

// edit returns the new text, or nil if the file needs no change.
func (e *editor) edit() ([]byte, error) {
	var olds []*ast.ImportSpec
	names := map[*types.PkgName]string{} // the names of the old imports, with their paths
	var syncName, locksName string
	for _, spec := range e.file.Imports {
		path, name := importPath(spec), e.pkg.TypesInfo.PkgNameOf(spec)
		if path == locksPath && name != nil && name.Name() != "." && name.Name() != "_" {
			locksName = name.Name()
		}
		if path != syncPath && path != semaphorePath {
			continue
		}
		if spec.Name != nil && spec.Name.Name == "_" {
			continue
		}
		if spec.Name != nil && spec.Name.Name == "." {
			return nil, fmt.Errorf("it imports %s with a dot: give that import a name", path)
		}
		if name == nil {
			return nil, fmt.Errorf("its import of %s has no meaning here", path)
		}
		if path == syncPath {
			syncName = name.Name()
		}
		olds = append(olds, spec)
		names[name] = path
	}

	var uses []use
	for id, obj := range e.pkg.TypesInfo.Uses {
		if id.Pos() < e.file.FileStart || id.Pos() >= e.file.FileEnd {
			continue
		}
		if name, ok := obj.(*types.PkgName); ok && names[name] != "" {
			uses = append(uses, use{id: id, path: names[name]})
		}
		if isWeighted(obj) {
			uses = append(uses, use{id: id})
		}
	}
	if len(olds) == 0 && len(uses) == 0 {
		return nil, nil
	}

	name := locksName
	if name == "" && syncName != "" && !e.p.rename {
		name = syncName
	}
	if name == "" {
		if name = e.fresh(uses); name == "" {
			return nil, errors.New("each name for the import means something else here")
		}
	}
	renames := e.selected()
	for _, u := range uses {
		if u.path == "" {
			e.replace(u.id, renamed[u.id.Name])
			continue
		}
		e.replace(u.id, name)
		if sel := renames[u.id]; sel != nil {
			to := sel.Name
			if u.path == semaphorePath {
				to = renamed[sel.Name]
				e.replace(sel, to)
			}
			if to == "" || !hasLocks(to) {
				return nil, fmt.Errorf("package locks has nothing like %s.%s", u.path, sel.Name)
			}
		}
	}
	spec := ""
	if locksName == "" {
		spec = `"` + locksPath + `"`
		if name != "locks" {
			spec = name + " " + spec
		}
	}
	if len(olds) > 0 {
		if err := e.imports(olds, spec); err != nil {
			return nil, err
		}
	}
	if len(e.edits) == 0 {
		return nil, nil
	}
	if bytes.Contains(e.src, []byte("\r\n")) {
		for i := range e.edits {
			e.edits[i].New = strings.ReplaceAll(e.edits[i].New, "\n", "\r\n")
		}
	}
	text, err := udiff.ApplyBytes(e.src, e.edits)
	if err != nil {
		return nil, err
	}
	// Names of another length move the comments after them. The layout is that of gofmt if it was before.
	if was, err := format.Source(e.src); err == nil && bytes.Equal(was, e.src) {
		return format.Source(text)
	}
	return text, nil
}

// A use is a name that changes: of an import with this path, or, without one, of a part of a semaphore.Weighted.
type use struct {
	id   *ast.Ident
	path string
}

// renamed are the names of package semaphore that package locks has under other names.
var renamed = map[string]string{
	"NewWeighted": "NewSemaphore",
	"Weighted":    "Semaphore", // the type, and a field that embeds it
	"Acquire":     "AcquireContext",
}

// isWeighted reports whether an object is the method Acquire of a semaphore.Weighted, or a field that embeds one.
func isWeighted(obj types.Object) bool {
	switch obj := obj.(type) {
	case *types.Func:
		return obj.FullName() == "(*"+semaphorePath+".Weighted).Acquire"
	case *types.Var:
		return obj.Embedded() && obj.Name() == "Weighted" && typePath(obj.Type()) == semaphorePath+".Weighted"
	}
	return false
}

// selected returns the names that are selected from each name of an import.
func (e *editor) selected() map[*ast.Ident]*ast.Ident {
	all := map[*ast.Ident]*ast.Ident{}
	ast.Inspect(e.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok {
				all[id] = sel.Sel
			}
		}
		return true
	})
	return all
}

// fresh returns a name for the import that has no other meaning where it is used.
func (e *editor) fresh(uses []use) string {
	scope := e.pkg.TypesInfo.Scopes[e.file]
	for _, name := range []string{"locks", "osync", "osynclocks"} {
		free := true
		for _, u := range uses {
			inner := scope.Innermost(u.id.Pos())
			if inner == nil {
				inner = scope
			}
			if _, obj := inner.LookupParent(name, token.NoPos); obj != nil {
				free = false
			}
		}
		if free {
			return name
		}
	}
	return ""
}

func (e *editor) offset(pos token.Pos) int { return e.p.fset.PositionFor(pos, false).Offset }

// replace replaces a name. It does nothing if that is the name already.
func (e *editor) replace(id *ast.Ident, by string) {
	if id.Name != by {
		e.edits = append(e.edits, udiff.Edit{Start: e.offset(id.Pos()), End: e.offset(id.End()), New: by})
	}
}
