// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"runtime"
	"strings"
)

// Generated is the prefix of the names of generated files.
const Generated = "explore_register"

// register generates the code that registers the package: a function that resets its variables to the values that they
// have when it is called for the first time.
func (u *unit) register() error {
	changed := u.changed()
	var vars, testVars []*types.Var
	tests := false
	for _, f := range u.files {
		tests = tests || f.isTest()
		for _, v := range f.variables() {
			if !changed[v] {
				continue
			}
			if f.isTest() {
				testVars = append(testVars, v)
			} else {
				vars = append(vars, v)
			}
		}
	}
	if u.external() {
		return u.generateReset(true, testVars)
	}
	if tests && len(testVars) > 0 {
		if err := u.generateReset(true, testVars); err != nil {
			return err
		}
	}
	return u.generateReset(false, vars)
}

// variables returns the package-level variables of the file that can be copied.
func (f *file) variables() []*types.Var {
	linked := map[string]bool{}
	for _, group := range f.syntax.Comments {
		for _, c := range group.List {
			if m := linkname.FindStringSubmatch(c.Text); m != nil {
				linked[m[1]] = true
			}
		}
	}
	var vars []*types.Var
	for _, d := range f.syntax.Decls {
		if g, ok := d.(*ast.GenDecl); !ok || g.Tok != token.VAR {
			continue
		}
		for _, n := range declared(d) {
			if v, ok := f.info.Defs[n.ident].(*types.Var); ok && !linked[v.Name()] {
				vars = append(vars, v)
			}
		}
	}
	return vars
}

// changed returns the package-level variables that can change, or that lead to something that can change.
func (u *unit) changed() map[*types.Var]bool {
	changed := map[*types.Var]bool{}
	for _, f := range u.files {
		var stack []ast.Node
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if n == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			stack = append(stack, n)
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			if v, ok := u.info.Uses[id].(*types.Var); ok && v.Parent() == u.pkg.Scope() && u.changes(stack) {
				changed[v] = true
			}
			return true
		})
		for _, v := range f.variables() {
			// Other packages can change it, but are unlikely to change an error or a function.
			_, isFunc := v.Type().Underlying().(*types.Signature)
			if v.Exported() && !f.isTest() && !isFunc && !types.Identical(v.Type(), types.Universe.Lookup("error").Type()) {
				changed[v] = true
			}
		}
	}
	return changed
}

// changes reports whether the use of a variable, which is the last of the nodes, can change the variable.
func (u *unit) changes(stack []ast.Node) bool {
	x := stack[len(stack)-1].(ast.Expr)
	for i := len(stack) - 2; i >= 0; i-- {
		switch n := stack[i].(type) {
		case *ast.ParenExpr:
			x = n
			continue
		case *ast.SelectorExpr:
			sel := u.info.Selections[n]
			if sel == nil { // pkg.X with a dot import, or the name of a package
				return false
			}
			if sel.Kind() != types.FieldVal {
				return u.mayChange(sel)
			}
			x = n
			continue
		case *ast.IndexExpr:
			if n.X != x {
				return false
			}
			x = n
			continue
		case *ast.StarExpr:
			x = n
			continue
		case *ast.SliceExpr:
			return n.X == x
		case *ast.UnaryExpr:
			return n.Op == token.AND
		case *ast.IncDecStmt:
			return true
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				if l == x {
					return true
				}
			}
			return shares(u.info.TypeOf(x))
		case *ast.RangeStmt:
			return n.Key == x || n.Value == x
		case *ast.BinaryExpr:
			return false
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "len" || id.Name == "cap") {
				return false
			}
			return n.Fun != x && shares(u.info.TypeOf(x))
		case *ast.KeyValueExpr:
			if n.Key == x {
				return false
			}
		}
		return shares(u.info.TypeOf(x))
	}
	return false
}

// mayChange reports whether a method can change the variable that it is called on.
func (u *unit) mayChange(sel *types.Selection) bool {
	if types.IsInterface(sel.Recv()) {
		return false
	}
	_, pointer := sel.Obj().(*types.Func).Signature().Recv().Type().(*types.Pointer)
	return pointer || shares(sel.Recv())
}

// shares reports whether a copy of a value of type t shares mutable state with it.
func shares(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Pointer:
		return true
	case *types.Struct:
		for i := range t.NumFields() {
			if shares(t.Field(i).Type()) {
				return true
			}
		}
	case *types.Array:
		return shares(t.Elem())
	}
	return false
}

// Copying a variable of more than this many KiB takes longer than a short execution.
const large = 256

var sizes = types.SizesFor("gc", runtime.GOARCH)

// generateReset generates the file that registers vars.
func (u *unit) generateReset(test bool, vars []*types.Var) error {
	var save, restore strings.Builder
	imports := fmt.Sprintf("\t%s %q\n", importName(hookPath), hookPath)
	clones := false
	for i, v := range vars {
		fmt.Fprintf(&save, "\t\t\tv%d := %s\n", i, v.Name())
		fmt.Fprintf(&restore, "\t\t\t\t%s = v%d\n", v.Name(), i)
		switch t := v.Type().Underlying().(type) {
		case *types.Map:
			clones = true
			fmt.Fprintf(&save, "\t\t\tc%d := explore_maps.Clone(v%[1]d)\n", i)
			fmt.Fprintf(&restore, "\t\t\t\tclear(v%d)\n\t\t\t\texplore_maps.Copy(v%[1]d, c%[1]d)\n", i)
		case *types.Slice:
			fmt.Fprintf(&save, "\t\t\tc%d := append(v%[1]d[:0:0], v%[1]d...)\n", i)
			fmt.Fprintf(&restore, "\t\t\t\tcopy(v%d, c%[1]d)\n", i)
		case *types.Pointer:
			// A value of a type of this package belongs to this package. Others can be in use elsewhere.
			if named, ok := types.Unalias(t.Elem()).(*types.Named); ok && named.Obj().Pkg() == u.pkg {
				fmt.Fprintf(&save, "\t\t\tc%d := func() {}\n\t\t\tif v%[1]d != nil {\n\t\t\t\tv := *v%[1]d\n\t\t\t\tc%[1]d = func() { *v%[1]d = v }\n\t\t\t}\n", i)
				fmt.Fprintf(&restore, "\t\t\t\tc%d()\n", i)
			}
		}
	}
	if clones {
		imports += "\texplore_maps \"maps\"\n"
	}
	path := u.path()
	if test && !u.external() {
		path += " [tests]"
	}
	reset := "func() {}"
	head := ""
	if len(vars) > 0 {
		head = "\tvar restore func()\n"
		reset = "func() {\n\t\tif restore == nil {\n" + save.String() + "\t\t\trestore = func() {\n" + restore.String() + "\t\t\t}\n\t\t}\n\t\trestore()\n\t}"
		var names []string
		for _, v := range vars {
			names = append(names, v.Name())
		}
		u.say("%s: %s are reset to their initial values", path, strings.Join(names, ", "))
		for _, v := range vars {
			if kib := sizes.Sizeof(v.Type()) >> 10; kib > large {
				u.say("%s: %s slows the exploration: its %d KiB are copied before each execution; a pointer that is set where it is needed would be faster", path, v.Name(), kib)
			}
		}
	}
	return u.generate(test, imports, fmt.Sprintf("func init() {\n%s\t%s.Register(%q, %s)\n}\n", head, importName(hookPath), path, reset))
}
