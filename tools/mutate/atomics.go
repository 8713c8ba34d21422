// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// An atomicCall is a call of an atomic operation, a method or a function of package sync/atomic.
type atomicCall struct {
	name   string // without the type: "CompareAndSwap"
	args   []ast.Expr
	prefix string // the beginning of an operation on the same word: "m.state." and "("
	suffix string // of the name, for a function: "Uint32"
}

// op returns the text of another operation on the same word.
func (c *atomicCall) op(name, args string) string {
	if c.suffix == "" {
		return c.prefix + name + "(" + args + ")"
	}
	pkg, word, _ := strings.Cut(c.prefix, "\x00")
	if args != "" {
		args = ", " + args
	}
	return pkg + name + c.suffix + "(" + word + args + ")"
}

// atomicCall returns the atomic operation that n calls, or nil.
func (s *source) atomicCall(n ast.Node) *atomicCall {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return nil
	}
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	if p := s.pkgOf(f); p == nil || p.Path() != "sync/atomic" {
		return nil
	}
	if s.info.Selections[f] != nil {
		return &atomicCall{name: f.Sel.Name, args: call.Args, prefix: s.src(f.X) + "."}
	}
	for _, name := range []string{"CompareAndSwap", "Load", "Store", "Swap", "Add", "And", "Or"} {
		if suffix, ok := strings.CutPrefix(f.Sel.Name, name); ok && len(call.Args) > 0 {
			return &atomicCall{name, call.Args[1:], s.src(f.X) + ".\x00" + s.src(call.Args[0]), suffix}
		}
	}
	return nil
}

func atomicConstant(s *source, n ast.Node) {
	call := s.atomicCall(n)
	if call == nil {
		return
	}
	for _, arg := range call.args {
		value := s.info.Types[arg].Value
		if value == nil || value.Kind() != constant.Int {
			continue
		}
		others := []string{s.src(arg) + "+1"}
		switch value.ExactString() {
		case "0":
			others = []string{"1"}
		case "1":
			others = []string{"0", "2"}
		case "-1":
			others = []string{"0", "1"}
		}
		for _, other := range others {
			s.replace(arg, other)
		}
	}
}

func casIgnored(s *source, n ast.Node) {
	if call := s.atomicCall(n); call != nil && call.name == "CompareAndSwap" {
		s.replace(n, "func() bool { "+call.op("Store", s.src(call.args[1]))+"; return true }()")
	}
}

// casFails leaves out the compare-and-swaps in loops, which are tried again anyway.
func casFails(s *source, n ast.Node) {
	if call := s.atomicCall(n); call == nil || call.name != "CompareAndSwap" || s.loop() != nil {
		return
	}
	failed := "func() bool { if !mutantFailed { mutantFailed = true; return false }; return " + s.src(n) + " }()"
	s.add(n, "false, the first time", s.edit(n, failed), s.insert(s.ast.FileEnd, failedVar))
}

const failedVar = "\nvar mutantFailed bool\n"

// loop returns the innermost loop of the function whose repeated part has the current node, or
// nil.
func (s *source) loop() *ast.ForStmt {
	for i := len(s.stack) - 1; i >= 0; i-- {
		switch n := s.stack[i].(type) {
		case *ast.FuncLit:
			return nil
		case *ast.ForStmt:
			if i+1 == len(s.stack) || s.stack[i+1] != n.Init {
				return n
			}
		}
	}
	return nil
}

func loadCached(s *source, n ast.Node) {
	call := s.atomicCall(n)
	if call == nil || call.name != "Load" {
		return
	}
	loop := s.loop()
	if loop == nil {
		return
	}
	at := loop.Pos()
	if i := slices.Index(s.stack, ast.Node(loop)); i > 0 {
		if l, ok := s.stack[i-1].(*ast.LabeledStmt); ok {
			at = l.Pos()
		}
	}
	s.add(n, "mutantLoaded", s.insert(at, "mutantLoaded := "+s.src(n)+"; "), s.edit(n, "mutantLoaded"))
}

func rmwSplit(s *source, n ast.Node) {
	call := s.atomicCall(n)
	if call == nil || len(call.args) != 1 {
		return
	}
	operand := s.src(call.args[0])
	var operator string
	switch call.name {
	case "Add":
		operator = " + "
	case "And":
		operator = " & "
	case "Or":
		operator = " | "
	case "Swap":
	default:
		return
	}
	load := call.op("Load", "")
	if _, ok := s.parent().(*ast.ExprStmt); ok {
		if operator != "" {
			s.replace(n, call.op("Store", load+operator+"("+operand+")"))
		}
		s.replace(n, call.op("Store", operand))
		return
	}
	typ := types.TypeString(s.info.TypeOf(n.(ast.Expr)), func(p *types.Package) string {
		if p == s.pkg {
			return ""
		}
		return p.Name()
	})
	switch call.name {
	case "Swap":
		s.replace(n, "func() "+typ+" { mutantOld := "+load+"; "+call.op("Store", operand)+"; return mutantOld }()")
	case "Add":
		s.replace(n, "func() "+typ+" { mutantNew := "+load+" + ("+operand+"); "+call.op("Store", "mutantNew")+"; return mutantNew }()")
	default:
		s.replace(n, "func() "+typ+" { mutantOld := "+load+"; "+call.op("Store", "mutantOld"+operator+"("+operand+")")+"; return mutantOld }()")
	}
}

// groups finds the groups of constants of the package, and the flags in them.
func (s *source) groups(c *checker) {
	s.groupOf, s.isFlag = map[*types.Const][]*types.Const{}, map[*types.Const]bool{}
	files := []*ast.File{s.ast}
	for name, f := range c.files {
		if !strings.HasSuffix("/"+s.file, "/"+name) {
			files = append(files, f)
		}
	}
	for _, f := range files {
		for _, d := range f.Decls {
			if d, ok := d.(*ast.GenDecl); ok && d.Tok == token.CONST && d.Lparen.IsValid() {
				s.group(d)
			}
		}
	}
}

// group records the constants of one declaration, if they use iota or a shift.
func (s *source) group(d *ast.GenDecl) {
	enumerates, shifts := false, false
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			enumerates = enumerates || n.Name == "iota"
		case *ast.BinaryExpr:
			shifts = shifts || n.Op == token.SHL
		}
		return true
	})
	if !enumerates && !shifts {
		return
	}
	var group []*types.Const
	for _, spec := range d.Specs {
		for _, name := range spec.(*ast.ValueSpec).Names {
			if c, ok := s.pkg.Scope().Lookup(name.Name).(*types.Const); ok && name.Name != "_" {
				group = append(group, c)
			}
		}
	}
	for _, c := range group {
		s.groupOf[c] = group
		if v, exact := constant.Uint64Val(constant.ToInt(c.Val())); shifts && exact && v != 0 && v&(v-1) == 0 {
			s.isFlag[c] = true
		}
	}
}
