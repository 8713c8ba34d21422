// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// An edit puts text in the place of the bytes from lo up to hi of a file.
type edit struct {
	lo, hi int
	text   string
}

// A text is a source file and the edits to make in it. Edits at the same place are made in the order in
// which they are added.
type text struct {
	tok   *token.File
	src   []byte
	edits []edit
}

func (t *text) offset(p token.Pos) int { return t.tok.Offset(p) }

// insert adds s in front of what stands at p.
func (t *text) insert(p token.Pos, s string) { t.replace(p, p, s) }

// replace puts s in the place of what stands from lo up to hi. Newlines which that takes away are added
// after s, so that the next line stays where it is.
func (t *text) replace(lo, hi token.Pos, s string) {
	l, h := t.offset(lo), t.offset(hi)
	if lost := bytes.Count(t.src[l:h], []byte("\n")) - strings.Count(s, "\n"); lost > 0 {
		s += strings.Repeat("\n", lost)
	}
	t.edits = append(t.edits, edit{l, h, s})
}

// render returns the bytes from lo up to hi with the edits made. After each edit the compiler counts on
// from where the source does.
func (t *text) render(lo, hi int, edits []edit) string {
	slices.SortStableFunc(edits, func(a, b edit) int { return a.lo - b.lo })
	var b strings.Builder
	for i, e := range edits {
		if e.lo < lo || e.hi > hi {
			panic(fmt.Sprintf("rewrite: the edits of %s overlap at %v", t.tok.Name(), t.tok.Position(t.tok.Pos(e.lo))))
		}
		b.Write(t.src[lo:e.lo])
		b.WriteString(e.text)
		lo = e.hi
		if next := i + 1; lo < hi && t.src[lo] != '\n' && (next == len(edits) || edits[next].lo > lo) {
			b.WriteString(t.at(t.tok.Pos(lo)))
		}
	}
	b.Write(t.src[lo:hi])
	return b.String()
}

// moved returns the text of n, with the edits that walk adds, for use in another place. The compiler counts
// its lines where they are in the source.
func (t *text) moved(n ast.Node, walk func(ast.Node)) string {
	outer := t.edits
	t.edits = nil
	walk(n)
	s := t.at(n.Pos()) + t.render(t.offset(n.Pos()), t.offset(n.End()), t.edits)
	t.edits = outer
	return s
}

// at returns a comment after which the compiler counts lines and columns as at p.
func (t *text) at(p token.Pos) string {
	at := t.tok.PositionFor(p, false)
	return fmt.Sprintf("/*line :%d:%d*/", at.Line, at.Column)
}
