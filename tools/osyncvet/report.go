// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"go/ast"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

// newAnalyzer returns an analyzer that respects the comments that silence it.
func newAnalyzer(name, doc string, run func(*analysis.Pass), requires ...*analysis.Analyzer) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     name,
		Doc:      doc,
		URL:      "https://github.com/osync-go/osync/blob/main/tools/osyncvet/README.md#" + name,
		Requires: append(requires, inspect.Analyzer),
		Run: func(pass *analysis.Pass) (any, error) {
			silence(pass)
			run(pass)
			return nil, nil
		},
	}
}

const directive = "//osyncvet:ignore"

// silence drops the reports of pass on lines that a comment "//osyncvet:ignore name reason" covers: its own line, or
// the next one if it is alone on its line.
func silence(pass *analysis.Pass) {
	type line struct {
		file string
		line int
	}
	silent := map[line]bool{}
	for _, file := range pass.Files {
		var code map[int]bool
		for _, group := range file.Comments {
			for _, c := range group.List {
				text, ok := strings.CutPrefix(c.Text, directive)
				if !ok {
					continue
				}
				words := strings.Fields(text)
				if len(words) == 0 || !slices.Contains(strings.Split(words[0], ","), pass.Analyzer.Name) {
					continue
				}
				if len(words) == 1 {
					pass.Reportf(c.Pos(), "%s %s lacks a reason: say why the code is right", directive, words[0])
					continue
				}
				if code == nil {
					code = linesOf(pass, file)
				}
				at := pass.Fset.Position(c.Pos())
				if !code[at.Line] {
					at.Line++
				}
				silent[line{at.Filename, at.Line}] = true
			}
		}
	}
	own := tested(pass)
	report := pass.Report
	pass.Report = func(d analysis.Diagnostic) {
		at := pass.Fset.Position(d.Pos)
		if !silent[line{at.Filename, at.Line}] && !(own && strings.HasSuffix(at.Filename, "_test.go")) {
			report(d)
		}
	}
}

// tested reports whether the package is one of osync's with locks. Their tests use locks in every wrong way.
func tested(pass *analysis.Pass) bool {
	switch pass.Analyzer.Name {
	case "lockcopy", "deferlock", "goadd":
		return false
	}
	pkg, ok := strings.CutPrefix(pass.Pkg.Path(), module)
	return ok && (strings.HasPrefix(pkg, "locks") || strings.HasPrefix(pkg, "pthread"))
}

// linesOf returns the lines of a file on which code begins or ends.
func linesOf(pass *analysis.Pass, file *ast.File) map[int]bool {
	lines := map[int]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.Comment, *ast.CommentGroup:
			return false
		}
		lines[pass.Fset.Position(n.Pos()).Line] = true
		lines[pass.Fset.Position(n.End()-1).Line] = true
		return true
	})
	return lines
}

// lineOf returns the number of the line of a node.
func lineOf(pass *analysis.Pass, n ast.Node) int { return pass.Fset.Position(n.Pos()).Line }

func inspectorOf(pass *analysis.Pass) *inspector.Inspector {
	return pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
}
