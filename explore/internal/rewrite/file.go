// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"strconv"
)

// module is the path of the module that contains the replacements and the hooks.
const module = "github.com/osync-go/osync"

const hookPath = module + "/explore/hook"

// replaced lists the packages of the standard library that have a replacement.
var replaced = []string{"context", "math/rand/v2", "runtime", "sync", "sync/atomic", "time"}

// replacements holds the exported names of explore/PATH by PATH.
type replacements map[string]*types.Package

// has reports whether there is a replacement for name.
func (r replacements) has(path, name string) bool {
	pkg := r[path]
	return pkg != nil && pkg.Scope().Lookup(name) != nil && token.IsExported(name)
}

// A file is a source file that is being rewritten.
type file struct {
	text
	syntax  *ast.File
	seam    string // a prefix of the file's name if the file holds seams
	pkg     *types.Package
	info    *types.Info
	repl    replacements
	vars    bool
	quiet   bool                // do not record reads and writes
	escapes map[*types.Var]bool // the local variables that goroutines may share
	inBlock map[ast.Stmt]bool
	left    func(pos token.Pos, what string) // called for each construct that could not be rewritten

	add   []string              // the paths of the imports to add
	stays map[types.Object]bool // the PkgName of an import that is still used
	skip  map[ast.Node]bool     // the nodes that are not rewritten
}

// rewrite returns the text of the file with all changes, and whether there are any.
func (f *file) rewrite() (string, bool) {
	f.stays, f.skip, f.inBlock = map[types.Object]bool{}, map[ast.Node]bool{}, map[ast.Stmt]bool{}
	f.walk(f.syntax)
	f.imports()
	return f.render(0, len(f.src), f.edits), len(f.edits) > 0
}

// walk adds the edits for n.
func (f *file) walk(n ast.Node) { ast.Inspect(n, f.visit) }

// walkAll adds the edits for the nodes of a list.
func walkAll[N ast.Node](f *file, list []N) {
	for _, n := range list {
		f.walk(n)
	}
}

// visit adds the edits for n. It returns false if it also added those for the nodes inside n.
func (f *file) visit(n ast.Node) bool {
	if f.skip[n] {
		return true
	}
	if f.vars && !f.quiet {
		if done := f.visitVariable(n); done {
			return false
		}
	}
	switch n := n.(type) {
	case *ast.ImportSpec:
		return false
	case *ast.Ident:
		f.ident(n)
	case *ast.SelectorExpr:
		return f.selector(n)
	case *ast.AssignStmt:
		f.assign(n)
		return false
	case *ast.IncDecStmt:
		f.stored(n.X)
		return false
	case *ast.ValueSpec:
		names := make([]ast.Expr, len(n.Names))
		for i, name := range n.Names {
			names[i] = name
		}
		f.commaOk(names, n.Values)
	case *ast.GoStmt:
		f.goStmt(n)
		return false
	case *ast.SendStmt:
		f.send(n)
		return false
	case *ast.UnaryExpr:
		return f.unary(n)
	case *ast.CallExpr:
		f.builtin(n)
	case *ast.RangeStmt:
		f.rangeStmt(n)
		return false
	case *ast.SelectStmt:
		return f.selectStmt(n)
	}
	return true
}

// visitVariable adds the edits for reads and writes of variables. It returns false if n is to be visited as if they
// were not recorded.
func (f *file) visitVariable(n ast.Node) bool {
	if x, ok := n.(ast.Expr); ok {
		if tv := f.info.Types[x]; tv.Value != nil || tv.IsType() {
			f.walkQuietly(n) // a constant must remain a constant
			return true
		}
	}
	switch n := n.(type) {
	case *ast.FuncDecl:
		if quietly(n) {
			f.walkQuietly(n)
			return true
		}
	case *ast.BlockStmt:
		f.statements(n.List)
	case *ast.CaseClause:
		f.statements(n.Body)
	case *ast.CommClause:
		f.statements(n.Body)
	case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr, *ast.StarExpr:
		f.variable(n.(ast.Expr))
		return true
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			f.addressOf(n)
			return true
		}
	case *ast.SliceExpr:
		f.slice(n)
		return true
	case *ast.KeyValueExpr:
		if id, ok := n.Key.(*ast.Ident); ok {
			if v, ok := f.info.Uses[id].(*types.Var); ok && v.IsField() {
				f.walk(n.Value)
				return true
			}
		}
	case *ast.CallExpr:
		if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && f.info.Types[n.Fun].IsBuiltin() && sel.Sel.Name != "Slice" && sel.Sel.Name != "String" {
			f.walkQuietly(n) // unsafe.Sizeof and others, which do not evaluate a variable
			return true
		}
	}
	return false
}

// selector replaces the package of a qualified name.
func (f *file) selector(n *ast.SelectorExpr) bool {
	x, ok := n.X.(*ast.Ident)
	if !ok {
		f.walk(n.X) // not n.Sel, which could be mistaken for a dot import
		return false
	}
	pkg, ok := f.info.Uses[x].(*types.PkgName)
	if !ok {
		f.ident(x)
		return false
	}
	from := pkg.Imported().Path()
	if f.repl.has(from, n.Sel.Name) {
		f.replace(x.Pos(), x.End(), f.use(module+"/explore/"+from))
	} else {
		f.stays[pkg] = true
	}
	return false
}

// ident qualifies a name that comes from a dot import.
func (f *file) ident(n *ast.Ident) {
	obj := f.info.Uses[n]
	if obj == nil || obj.Pkg() == nil || obj.Pkg() == f.pkg || obj.Parent() != obj.Pkg().Scope() {
		return
	}
	for _, spec := range f.syntax.Imports {
		if pkg := f.imported(spec); pkg != nil && pkg.Name() == "." && pkg.Imported() == obj.Pkg() {
			if from := obj.Pkg().Path(); f.repl.has(from, n.Name) {
				f.insert(n.Pos(), f.use(module+"/explore/"+from)+".")
			} else {
				f.stays[pkg] = true
			}
			return
		}
	}
}

// imported returns the object that an import declares, or nil for a blank import.
func (f *file) imported(spec *ast.ImportSpec) *types.PkgName {
	obj := f.info.Implicits[spec]
	if spec.Name != nil {
		obj = f.info.Defs[spec.Name]
	}
	pkg, _ := obj.(*types.PkgName)
	return pkg
}

// use returns the name by which the file imports a package of osync.
func (f *file) use(importPath string) string {
	for _, have := range f.add {
		if have == importPath {
			return importName(importPath)
		}
	}
	f.add = append(f.add, importPath)
	return importName(importPath)
}

func (f *file) hook(name string) string { return f.use(hookPath) + "." + name }

// importName returns a name that no other code is likely to use.
func importName(importPath string) string {
	base := path.Base(importPath)
	if base == "v2" {
		base = path.Base(path.Dir(importPath))
	}
	return "explore_" + base
}

// imports adds the imports on the line of the package clause, and blanks those that are no longer used.
func (f *file) imports() {
	for _, importPath := range f.add {
		f.insert(f.syntax.Name.End(), "; import "+importName(importPath)+" "+strconv.Quote(importPath))
	}
	for _, spec := range f.syntax.Imports {
		pkg := f.imported(spec)
		if pkg == nil || pkg.Name() == "_" || f.stays[pkg] || spec.Path.Value == `"C"` {
			continue
		}
		if spec.Name == nil {
			f.insert(spec.Path.Pos(), "_ ")
		} else if spec.Name.Name != "_" {
			f.replace(spec.Name.Pos(), spec.Name.End(), "_")
		}
	}
}
