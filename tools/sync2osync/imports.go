// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"errors"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// A line is an import that has lines of its own, with the comments above and after it.
type line struct {
	spec       *ast.ImportSpec
	start, end int // offsets; end is after the newline
	group      int // imports without an empty line between them
	removed    bool
	joined     bool // by the new import: the group stays
}

// imports edits the import declarations: it removes the old imports, and adds the new one unless it is empty. The new one
// replaces the first old one, unless that is among packages of the standard library: there gofmt would sort it
// between them.
func (e *editor) imports(olds []*ast.ImportSpec, added string) error {
	var decls []*ast.GenDecl
	for _, d := range e.file.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
			decls = append(decls, g)
		}
	}
	var home *ast.GenDecl // the declaration of the first old import
	var blocks [][]*line
	total := 0
	for _, d := range decls {
		specs := 0
		for _, s := range d.Specs {
			if slices.Contains(olds, s.(*ast.ImportSpec)) {
				specs++
				if home == nil {
					home = d
				}
			}
		}
		if specs == 0 && !d.Lparen.IsValid() {
			continue
		}
		if d.Lparen.IsValid() {
			block, err := e.lines(d, olds)
			if err != nil && specs > 0 {
				return err
			} else if err == nil {
				blocks = append(blocks, block)
			}
		}
		total += specs
	}
	if home == nil || total != len(olds) {
		return errors.New("its imports have a form that the command does not know")
	}

	first := olds[0]
	placed := added == ""
	if !placed && (!home.Lparen.IsValid() || len(home.Specs) == 1 || first.Doc != nil || first.Comment != nil || len(olds) == 1 && isThird(importPath(first))) {
		e.edits = append(e.edits, udiff.Edit{Start: e.offset(first.Pos()), End: e.offset(first.Path.End()), New: added})
		placed = true
		for _, b := range blocks {
			for _, l := range b {
				l.removed = l.removed && l.spec != first
			}
		}
		olds = olds[1:]
	}
	if !placed {
		e.insert(blocks, home, added)
	}
	for _, d := range decls {
		if !d.Lparen.IsValid() && slices.Contains(olds, d.Specs[0].(*ast.ImportSpec)) {
			start, end := e.wholeLines(d.Pos(), d.End())
			e.remove(start, end)
		}
	}
	for _, b := range blocks {
		e.removeLines(b)
	}
	return nil
}

// isThird reports whether a path is not of the standard library.
func isThird(path string) bool {
	domain, _, _ := strings.Cut(path, "/")
	return strings.Contains(domain, ".")
}

// lines returns the imports of a block.
func (e *editor) lines(d *ast.GenDecl, olds []*ast.ImportSpec) (block []*line, err error) {
	group := 0
	for i, s := range d.Specs {
		spec := s.(*ast.ImportSpec)
		from, to := spec.Pos(), spec.End()
		if spec.Doc != nil {
			from = spec.Doc.Pos()
		}
		if spec.Comment != nil {
			to = spec.Comment.End()
		}
		l := &line{spec: spec, removed: slices.Contains(olds, spec)}
		l.start, l.end = e.wholeLines(from, to)
		if before := bytes.TrimSpace(e.src[l.start:e.offset(from)]); len(before) > 0 {
			return nil, errors.New("its imports share a line: gofmt it first")
		}
		if after := bytes.TrimSpace(e.src[e.offset(to):l.end]); len(after) > 0 {
			return nil, errors.New("its imports share a line: gofmt it first")
		}
		if i > 0 && bytes.Count(e.src[block[i-1].end:l.start], []byte("\n")) > 0 {
			group++
		}
		l.group = group
		block = append(block, l)
	}
	return block, nil
}

// wholeLines returns the offsets of the lines that contain a range.
func (e *editor) wholeLines(from, to token.Pos) (start, end int) {
	start, end = e.offset(from), e.offset(to)
	start = bytes.LastIndexByte(e.src[:start], '\n') + 1
	if i := bytes.IndexByte(e.src[end:], '\n'); i >= 0 {
		end += i + 1
	} else {
		end = len(e.src)
	}
	return start, end
}

// insert adds an import to the imports whose paths have most in common with its path, or to a group of its own.
func (e *editor) insert(blocks [][]*line, home *ast.GenDecl, added string) {
	var group []*line
	best := -1
	for _, b := range blocks {
		for _, l := range b {
			path := importPath(l.spec)
			if n := common(path, locksPath); isThird(path) && n > best && path != "C" {
				best, group = n, nil
				for _, other := range b {
					if other.group == l.group {
						group = append(group, other)
					}
				}
			}
		}
	}
	for _, l := range group {
		l.joined = true
	}
	if group != nil {
		at := group[len(group)-1].end
		for _, l := range group {
			if importPath(l.spec) > locksPath {
				at = l.start
				break
			}
		}
		e.edits = append(e.edits, udiff.Edit{Start: at, End: at, New: "\t" + added + "\n"})
		return
	}
	for _, b := range blocks {
		if len(b) > 0 && b[0].spec == home.Specs[0] {
			last := b[len(b)-1]
			e.edits = append(e.edits, udiff.Edit{Start: last.end, End: last.end, New: "\n\t" + added + "\n"})
		}
	}
}

// common returns how many elements two paths have in common at the beginning.
func common(a, b string) (n int) {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	for n < len(as) && n < len(bs) && as[n] == bs[n] {
		n++
	}
	return n
}

// removeLines removes imports of a block, and the empty line beside a group that is then empty.
func (e *editor) removeLines(block []*line) {
	for i := 0; i < len(block); {
		j := i
		gone := true
		for j < len(block) && block[j].group == block[i].group {
			gone = gone && block[j].removed && !block[j].joined
			j++
		}
		for k := i; k < j; k++ {
			if !block[k].removed {
				continue
			}
			start, end := block[k].start, block[k].end
			if gone && k == j-1 && j < len(block) && blank(e.src[end:block[j].start]) {
				end = block[j].start
			}
			e.remove(start, end)
		}
		i = j
	}
}

func blank(b []byte) bool { return len(bytes.TrimSpace(b)) == 0 }

func (e *editor) remove(start, end int) {
	e.edits = append(e.edits, udiff.Edit{Start: start, End: end})
}
