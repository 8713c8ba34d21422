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

// An edit replaces the bytes from lo up to hi of a file with text.
type edit struct {
	lo, hi int
	text   string
}

// A text is a source file and the edits to make in it. Edits at the same place are made in the order in
// which they were added.
type text struct {
	tok   *token.File
	src   []byte
	edits []edit
}

func (t *text) offset(p token.Pos) int { return t.tok.Offset(p) }

// insert inserts s at p.
func (t *text) insert(p token.Pos, s string) { t.replace(p, p, s) }

// replace replaces the source from lo up to hi with s. It adds the newlines that this removes after s, so that the next
// line stays in its place.
func (t *text) replace(lo, hi token.Pos, s string) {
	l, h := t.offset(lo), t.offset(hi)
	if lost := bytes.Count(t.src[l:h], []byte("\n")) - strings.Count(s, "\n"); lost > 0 {
		s += strings.Repeat("\n", lost)
	}
	t.edits = append(t.edits, edit{l, h, s})
}

// render returns the bytes from lo up to hi with the edits made. After each edit the compiler's positions are again
// those of the source.
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

// moved returns the text of n, with the edits that walk adds, for use in another place. For the compiler it keeps its
// positions in the source.
func (t *text) moved(n ast.Node, walk func(ast.Node)) string {
	outer := t.edits
	t.edits = nil
	walk(n)
	s := t.at(n.Pos()) + t.render(t.offset(n.Pos()), t.offset(n.End()), t.edits)
	t.edits = outer
	return s
}

// at returns a comment that sets the compiler's position to p.
func (t *text) at(p token.Pos) string {
	at := t.tok.PositionFor(p, false)
	return fmt.Sprintf("/*line :%d:%d*/", at.Line, at.Column)
}
