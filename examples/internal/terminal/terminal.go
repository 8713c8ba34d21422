// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package terminal has what a program needs to know before it writes to a terminal: whether it
// is one, in which colors, and how to say what goes on.
package terminal

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"
	"unicode/utf8"
)

// Width is the number of columns that text is broken at.
const Width = 80

// Colors, as terminals know them by number.
const (
	Bold   = "1"
	Faint  = "2"
	Red    = "1;31"
	Green  = "32"
	Yellow = "33"
)

// A Paint returns text in a color. Pad the text first: the codes count as characters.
type Paint func(color, text string) string

// Colors returns the Paint for a writer with colors, or the one for a writer without.
func Colors(on bool) Paint {
	if !on {
		return func(_, text string) string { return text }
	}
	return func(color, text string) string { return "\x1b[" + color + "m" + text + "\x1b[0m" }
}

// Wrap breaks text between words into lines of at most width columns, where words allow it.
func Wrap(text string, width int) []string {
	var lines []string
	line, columns := "", 0
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		if line != "" && columns+1+n > width {
			lines = append(lines, line)
			line, columns = "", 0
		}
		if line != "" {
			line += " "
			columns++
		}
		line += word
		columns += n
	}
	return append(lines, line)
}

// Is reports whether w is a terminal, or another device of characters such as /dev/null,
// where colors do no harm.
func Is(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// HasColor reports whether w is to have colors. See https://no-color.org.
func HasColor(w io.Writer) bool {
	if os.Getenv("NO_COLOR") != "" || !Is(w) {
		return false
	}
	if runtime.GOOS == "windows" { // its old console prints the codes
		return os.Getenv("WT_SESSION") != ""
	}
	term := os.Getenv("TERM")
	return term != "" && term != "dumb"
}

// A Progress is a line on a terminal that says what goes on.
type Progress struct {
	w     io.Writer // nil: do not show it
	begin time.Time
	shown string
}

// NewProgress returns a Progress that writes to w, and nothing if w is no terminal.
func NewProgress(w io.Writer) *Progress {
	p := &Progress{begin: time.Now()}
	if Is(w) {
		p.w = w
	}
	return p
}

// Show writes the line, once a second has passed: what is quicker needs no progress.
func (p *Progress) Show(text string) {
	if p.w == nil || text == p.shown || time.Since(p.begin) < time.Second {
		return
	}
	p.write(text)
	p.shown = text
}

// write overwrites what is shown, and no more: in a terminal that is narrower than Width blanks behind that would begin a new line.
func (p *Progress) write(text string) {
	fmt.Fprintf(p.w, "\r%-*.*s", min(utf8.RuneCountInString(p.shown), Width-1), Width-1, text)
}

// Clear takes the line away.
func (p *Progress) Clear() {
	if p.shown != "" {
		p.write("")
		fmt.Fprint(p.w, "\r")
		p.shown = ""
	}
}
