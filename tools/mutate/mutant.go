// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A mutant is a source file with one small fault.
type mutant struct {
	id     string // a hash of everything except the line, so that it does not change when the code moves
	file   string // relative to the root
	line   int
	fn     string // the function, such as "(*Mutex).Unlock"
	op     string
	before string // the code that was changed, in one line
	after  string
	nth    int // among the function's mutants that are equal in all of the above

	source []byte // the file
	raw    []byte // the mutated file, as the operator made it
	text   []byte // the mutated file, such that it compiles

	batchable bool // the change is in a function that can be copied
}

// String returns the mutant's name.
func (m *mutant) String() string {
	return fmt.Sprintf("%s:%d %s", m.file, m.line, m.change())
}

// change describes the change.
func (m *mutant) change() string {
	s := m.op + " " + quote(m.before)
	if m.after != "" {
		s += " → " + quote(m.after)
	}
	if m.nth > 0 {
		s += " #" + strconv.Itoa(m.nth+1)
	}
	return s
}

// entry is the name of the mutant in the list of survivors.
func (m *mutant) entry() string {
	return fmt.Sprintf("%s %s %s: %s", m.id, m.file, m.fn, m.change())
}

func quote(s string) string { return `"` + s + `"` }

// diff returns the lines that differ, as "diff -u" marks them. A mutant keeps its lines where they are.
func (m *mutant) diff() string {
	before, after := strings.Split(string(m.source), "\n"), strings.Split(string(m.raw), "\n")
	var b strings.Builder
	mark := func(sign string, lines []string) {
		for _, l := range lines {
			if l = strings.TrimRight(l, " \t"); l != "" {
				b.WriteString(sign + l + "\n")
			}
		}
	}
	n := min(len(before), len(after))
	for from := 0; from < n; from++ {
		to := from
		for to < n && before[to] != after[to] {
			to++
		}
		mark("-", before[from:to])
		mark("+", after[from:to])
		from = to
	}
	return b.String()
}

// An edit replaces a part of a file.
type edit struct {
	from, to int // offsets
	text     string
}

// apply returns text with edits made. They must not overlap.
func apply(text []byte, edits []edit) []byte {
	edits = slices.SortedStableFunc(slices.Values(edits), func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	var out []byte
	at := 0
	for _, e := range edits {
		out = append(append(out, text[at:e.from]...), e.text...)
		at = e.to
	}
	return append(out, text[at:]...)
}

// A candidate is a mutant that may not compile, or may equal another one.
type candidate struct {
	mutant
	pos   int
	edits []edit
}

// A source is a file of a package, and the results of the operators for it.
type source struct {
	file string
	text []byte
	ast  *ast.File
	info *types.Info
	pkg  *types.Package

	groupOf map[*types.Const][]*types.Const // the constants declared together
	isFlag  map[*types.Const]bool           // those of one bit

	fn    string     // the function being walked
	stack []ast.Node // the nodes around the current one
	op    string
	found []candidate
}

// mutantsOf returns all mutants of a file, in the order of its text. The path is relative to root.
func mutantsOf(root, file, goos string) ([]*mutant, error) {
	dir, name := filepath.Split(filepath.FromSlash(file))
	c, err := newChecker(filepath.Join(root, dir), goos)
	if err != nil {
		return nil, err
	}
	if c.files[name] == nil {
		return nil, fmt.Errorf("%s is not built for %s: its line in the list of suites may say goos=", file, goos)
	}
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
	if err != nil {
		return nil, err
	}
	return mutate(c, name, file, text)
}

// mutate returns all mutants of a text, which is that of the file of that name in the package of c.
func mutate(c *checker, name, file string, text []byte) ([]*mutant, error) {
	s := &source{file: file, text: text, info: &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}}
	var errs []types.Error
	var err error
	s.ast, s.pkg, errs, err = c.check(name, text, s.info)
	if err != nil {
		return nil, err
	}
	if len(errs) != 0 {
		return nil, fmt.Errorf("%s: %s", file, errs[0].Msg)
	}
	s.groups(c)
	s.walk()
	slices.SortStableFunc(s.found, func(a, b candidate) int { return cmp.Compare(a.pos, b.pos) })

	var mutants []*mutant
	seen := map[[32]byte]bool{code(text): true}
	nth := map[string]int{}
	for _, f := range s.found {
		m := f.mutant
		changed := apply(text, f.edits)
		if seen[code(changed)] {
			continue
		}
		seen[code(changed)] = true
		compiled, ok := c.compilable(name, changed)
		if !ok {
			continue
		}
		key := strings.Join([]string{m.file, m.fn, m.op, m.before, m.after}, "\x00")
		m.nth = nth[key]
		nth[key]++
		sum := sha256.Sum256([]byte(key + "\x00" + strconv.Itoa(m.nth)))
		m.id = hex.EncodeToString(sum[:4])
		m.source, m.raw, m.text = text, changed, compiled
		_, m.batchable = batch([]*mutant{&m})
		mutants = append(mutants, &m)
	}
	return mutants, nil
}

// code returns a hash of a file's tokens, the same for two texts that differ in white space, comments
// and empty statements.
func code(text []byte) [32]byte {
	var s scanner.Scanner
	fset := token.NewFileSet()
	s.Init(fset.AddFile("", fset.Base(), len(text)), text, nil, 0)
	h := sha256.New()
	semicolon, last := false, token.ILLEGAL
	for {
		_, tok, literal := s.Scan()
		if tok == token.EOF {
			break
		}
		if tok == token.SEMICOLON {
			semicolon = last != token.LBRACE
			continue
		}
		if semicolon && tok != token.RBRACE {
			h.Write([]byte(";\n"))
		}
		semicolon, last = false, tok
		fmt.Fprintln(h, tok, literal)
	}
	return [32]byte(h.Sum(nil))
}

// walk calls each operator with each node in the bodies of the file's functions.
func (s *source) walk() {
	for _, d := range s.ast.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Body != nil {
				s.fn = funcName(d)
				s.walkNode(d)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && d.Tok == token.VAR {
					s.fn = v.Names[0].Name
					for _, value := range v.Values {
						ast.Inspect(value, func(n ast.Node) bool {
							if f, ok := n.(*ast.FuncLit); ok {
								s.walkNode(f)
								return false
							}
							return true
						})
					}
				}
			}
		}
	}
}

func (s *source) walkNode(root ast.Node) {
	ast.PreorderStack(root, nil, func(n ast.Node, stack []ast.Node) bool {
		s.stack = stack
		for _, op := range operators {
			s.op = op.name
			op.find(s, n)
		}
		return true
	})
}

// funcName returns a function's name, such as "(*Mutex).Unlock".
func funcName(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return d.Name.Name
	}
	return receiver(d.Recv.List[0].Type) + "." + d.Name.Name
}

// receiver returns a type's name in the form that a method's name has.
func receiver(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return "(*" + receiver(t.X) + ")"
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	}
	return types.ExprString(t)
}

// add records a mutant: the edits turn the node n into after.
func (s *source) add(n ast.Node, after string, edits ...edit) {
	s.addAs(s.src(n), n, after, edits...)
}

// addAs is add with another text for the code before.
func (s *source) addAs(before string, n ast.Node, after string, edits ...edit) {
	pos := s.offset(n.Pos())
	s.found = append(s.found, candidate{mutant{
		file: s.file, line: 1 + strings.Count(string(s.text[:pos]), "\n"), fn: s.fn, op: s.op,
		before: oneLine(before), after: oneLine(after),
	}, pos, edits})
}

// replace records a mutant in which after replaces n.
func (s *source) replace(n ast.Node, after string) { s.add(n, after, s.edit(n, after)) }

func (s *source) edit(n ast.Node, text string) edit {
	return edit{s.offset(n.Pos()), s.offset(n.End()), text}
}

func (s *source) insert(pos token.Pos, text string) edit {
	return edit{s.offset(pos), s.offset(pos), text}
}

func (s *source) offset(p token.Pos) int { return int(p - s.ast.FileStart) }

// src returns the text of n.
func (s *source) src(n ast.Node) string { return string(s.text[s.offset(n.Pos()):s.offset(n.End())]) }

// parent returns the node around the current one.
func (s *source) parent() ast.Node {
	if len(s.stack) == 0 {
		return nil
	}
	return s.stack[len(s.stack)-1]
}

// oneLine returns the first line of code, and "…" if there are more.
func oneLine(code string) string {
	first, rest, more := strings.Cut(code, "\n")
	if i := strings.Index(first, " // "); i >= 0 {
		first = first[:i]
	}
	first = strings.Join(strings.Fields(first), " ")
	if more && strings.TrimSpace(rest) != "" {
		first += " …"
	}
	return first
}
