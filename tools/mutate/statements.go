// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// statements returns the list of statements that n consists of.
func statements(n ast.Node) []ast.Stmt {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return n.List
	case *ast.CaseClause:
		return n.Body
	case *ast.CommClause:
		return n.Body
	}
	return nil
}

func swapStatements(s *source, n ast.Node) {
	list := statements(n)
	switch n.(type) {
	case *ast.BlockStmt:
		switch s.parent().(type) {
		case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			return // clauses
		}
	}
	for i := 1; i < len(list); i++ {
		a, b := list[i-1], list[i]
		if leaves(a) || leaves(b) || s.independent(a, b) {
			continue
		}
		s.addAs(oneLine(s.src(a))+"; "+oneLine(s.src(b)), a, "", s.edit(a, s.src(b)), s.edit(b, s.src(a)))
	}
}

// leaves reports whether a statement ends its list.
func leaves(n ast.Stmt) bool {
	switch n.(type) {
	case *ast.ReturnStmt, *ast.BranchStmt:
		return true
	}
	return false
}

// independent reports whether two statements can obviously be swapped: both only assign, and only to variables and
// fields whose names the other one does not mention.
func (s *source) independent(a, b ast.Stmt) bool {
	writesA, readsA, okA := s.accesses(a)
	writesB, readsB, okB := s.accesses(b)
	overlap := func(writes, others []string) bool {
		return slices.ContainsFunc(writes, func(w string) bool { return slices.Contains(others, w) })
	}
	return okA && okB && !overlap(writesA, writesB) && !overlap(writesA, readsB) && !overlap(writesB, readsA)
}

// accesses returns the last parts of the names that an assignment without calls writes and reads.
func (s *source) accesses(n ast.Stmt) (writes, reads []string, ok bool) {
	assign, ok := n.(*ast.AssignStmt)
	if !ok {
		return nil, nil, false
	}
	target := map[ast.Node]bool{}
	for _, l := range assign.Lhs {
		switch l := l.(type) {
		case *ast.Ident:
			writes, target[l] = append(writes, l.Name), assign.Tok == token.ASSIGN || assign.Tok == token.DEFINE
		case *ast.SelectorExpr:
			writes, target[l.Sel] = append(writes, l.Sel.Name), assign.Tok == token.ASSIGN
		default:
			return nil, nil, false
		}
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if !s.info.Types[n.Fun].IsType() {
				ok = false
			}
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				ok = false
			}
		case *ast.FuncLit:
			ok = false
		case *ast.Ident:
			if !target[n] {
				reads = append(reads, n.Name)
			}
		}
		return ok
	})
	return writes, reads, ok
}

func returnEarly(s *source, n ast.Node) {
	var signature *ast.FuncType
	var body *ast.BlockStmt
	switch n := n.(type) {
	case *ast.FuncDecl:
		signature, body = n.Type, n.Body
	case *ast.FuncLit:
		signature, body = n.Type, n.Body
	default:
		return
	}
	statement := "return"
	if r := signature.Results; r != nil && len(r.List) > 0 && r.List[0].Names == nil {
		var zeros []string
		for _, field := range r.List {
			zeros = append(zeros, "*new("+s.src(field.Type)+")")
		}
		statement += " " + strings.Join(zeros, ", ")
	}
	for i, stmt := range body.List {
		last := signature.Results == nil && i == len(body.List)-1
		if _, declares := body.List[max(i-1, 0)].(*ast.DeclStmt); leaves(stmt) || last && droppable(stmt) || i > 0 && declares {
			continue // other mutants have the same effect
		}
		s.addAs(s.src(stmt), stmt, statement+"; …", s.insert(stmt.Pos(), statement+"; "))
	}
}

func branch(s *source, n ast.Node) {
	b, ok := n.(*ast.BranchStmt)
	if !ok || b.Tok != token.BREAK && b.Tok != token.CONTINUE {
		return
	}
	other := "break"
	if b.Tok == token.BREAK {
		other = "continue"
	}
	s.replace(b, other+strings.TrimPrefix(s.src(b), b.Tok.String()))
}

// siblings are functions and methods that are easily confused.
var siblings = map[string]string{
	"Push": "PushFront", "PushFront": "Push", "Pop": "Front", "Front": "Pop", "MoveTo": "MoveWoken", "MoveWoken": "MoveTo",
	"Signal": "Broadcast", "Broadcast": "Signal", "wake": "wakeAll", "wakeAll": "wake",
	"Lock": "RLock", "RLock": "Lock", "Unlock": "RUnlock", "RUnlock": "Unlock", "TryLock": "TryRLock", "TryRLock": "TryLock",
	"min": "max", "max": "min",
}

func otherCall(s *source, n ast.Node) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return
	}
	var name *ast.Ident
	switch f := call.Fun.(type) {
	case *ast.Ident:
		name = f
	case *ast.SelectorExpr:
		name = f.Sel
		if f.Sel.Name == "PopAll" {
			one := "One"
			if p := s.pkgOf(f); p != nil && p != s.pkg {
				one = p.Name() + "." + one
			}
			s.replace(call, one+"("+s.src(f.X)+".Pop())")
		}
	default:
		return
	}
	if other := siblings[name.Name]; other != "" {
		text, at := s.src(call), s.offset(name.Pos())-s.offset(call.Pos())
		s.add(call, text[:at]+other+text[at+len(name.Name):], s.edit(name, other))
	}
}

// pkgOf returns the package of a selected method or function.
func (s *source) pkgOf(sel *ast.SelectorExpr) *types.Package {
	if obj := s.info.Uses[sel.Sel]; obj != nil {
		return obj.Pkg()
	}
	return nil
}

func repeatCall(s *source, n ast.Node) {
	stmt, ok := n.(*ast.ExprStmt)
	if !ok {
		return
	}
	call, ok := stmt.X.(*ast.CallExpr)
	if !ok {
		return
	}
	var name string
	switch f := call.Fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
	}
	name = strings.ToLower(name)
	if strings.Contains(name, "wake") || strings.Contains(name, "signal") || strings.Contains(name, "broadcast") {
		s.replace(stmt, s.src(stmt)+"; "+s.src(stmt))
	}
}
