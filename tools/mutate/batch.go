// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// numberVar is the environment variable that selects a mutant of a batch by its id.
const numberVar = "OSYNC_MUTANT"

// batch returns a file that contains all of the mutants, which are of the same file, for one build of the tests:
//
//	func (l *Latch) ArriveAndWait() { switch mutantID { case "32828295": l.ArriveAndWait_32828295(); return }; l.Arrive(1); l.Wait() }
//
//	func (l *Latch) ArriveAndWait_32828295() { l.Wait() }
//
// Without an id it behaves as the source does, though fewer functions are inlined. Lines keep their numbers.
// It reports false if a mutant is not in a function that can be copied.
func batch(mutants []*mutant) ([]byte, bool) {
	source := mutants[0].source
	f, ok := parse(source)
	if !ok {
		return nil, false
	}
	at := int(f.Name.End() - f.FileStart)
	edits := []edit{{at, at, `; import mutantOS "os"`}}
	end := len(source)
	addEnd := func(text string) { edits = append(edits, edit{end, end, text}) }
	addEnd(fmt.Sprintf("\nvar mutantID = mutantOS.Getenv(%q)\n", numberVar))
	if slices.ContainsFunc(mutants, func(m *mutant) bool { return strings.HasSuffix(string(m.text), failedVar) }) {
		addEnd(failedVar)
	}
	byFunc := map[string][]*mutant{}
	for _, m := range mutants {
		byFunc[m.fn] = append(byFunc[m.fn], m)
	}
	for fn, ms := range byFunc {
		decl := find(f, fn)
		if decl == nil || fn == "init" || strings.Contains(decl.Doc.Text()+directives(decl), "go:linkname") {
			return nil, false
		}
		header, call := named(decl, f.FileStart)
		edits = append(edits, header...)
		var cases strings.Builder
		for _, m := range ms {
			g, ok := parse(m.text)
			if !ok {
				return nil, false
			}
			copied := find(g, fn)
			name := decl.Name.Name + "_" + m.id
			from, to := int(copied.Pos()-g.FileStart), int(copied.End()-g.FileStart)
			nameFrom, nameTo := int(copied.Name.Pos()-g.FileStart), int(copied.Name.End()-g.FileStart)
			addEnd("\n" + directives(copied) + string(m.text[from:nameFrom]) + name + string(m.text[nameTo:to]) + "\n")
			fmt.Fprintf(&cases, " case %q: ", m.id)
			if decl.Type.Results != nil {
				cases.WriteString("return " + strings.Replace(call, "\x00", name, 1) + ";")
			} else {
				cases.WriteString(strings.Replace(call, "\x00", name, 1) + "; return;")
			}
		}
		brace := int(decl.Body.Lbrace-f.FileStart) + 1
		edits = append(edits, edit{brace, brace, " switch mutantID {" + cases.String() + " }; "})
	}
	return apply(source, edits), true
}

func parse(text []byte) (*ast.File, bool) {
	f, err := parser.ParseFile(token.NewFileSet(), "", text, parser.ParseComments|parser.SkipObjectResolution)
	return f, err == nil
}

// find returns the declaration of a function by its name, such as "(*Mutex).Unlock", or nil.
func find(f *ast.File, fn string) *ast.FuncDecl {
	for _, d := range f.Decls {
		if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil && funcName(d) == fn {
			return d
		}
	}
	return nil
}

// directives returns the lines for the compiler above a function.
func directives(d *ast.FuncDecl) string {
	var lines strings.Builder
	if d.Doc != nil {
		for _, c := range d.Doc.List {
			if strings.HasPrefix(c.Text, "//go:") {
				lines.WriteString(c.Text + "\n")
			}
		}
	}
	return lines.String()
}

// named returns edits that give a name to each parameter of d that has none. It also returns a call, with the same
// arguments, of a function whose name is a zero byte.
func named(d *ast.FuncDecl, start token.Pos) (edits []edit, call string) {
	n := 0
	name := func(field *ast.Field) (names []string) {
		if field.Names == nil {
			n++
			at := int(field.Type.Pos() - start)
			names = []string{fmt.Sprint("mutantArg", n)}
			edits = append(edits, edit{at, at, names[0] + " "})
		}
		for _, id := range field.Names {
			if id.Name == "_" {
				n++
				names = append(names, fmt.Sprint("mutantArg", n))
				edits = append(edits, edit{int(id.Pos() - start), int(id.End() - start), names[len(names)-1]})
			} else {
				names = append(names, id.Name)
			}
		}
		return names
	}
	if d.Recv != nil {
		call = name(d.Recv.List[0])[0] + "."
	}
	call += "\x00"
	if p := d.Type.TypeParams; p != nil {
		var types []string
		for _, field := range p.List {
			for _, id := range field.Names {
				types = append(types, id.Name)
			}
		}
		call += "[" + strings.Join(types, ", ") + "]"
	}
	var args []string
	for _, field := range d.Type.Params.List {
		args = append(args, name(field)...)
		if _, ok := field.Type.(*ast.Ellipsis); ok {
			args[len(args)-1] += "..."
		}
	}
	return edits, call + "(" + strings.Join(args, ", ") + ")"
}
