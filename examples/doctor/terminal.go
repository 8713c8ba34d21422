// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
)

// isTerminal reports whether w is a terminal, or another device of characters such as
// /dev/null, where colors do no harm.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// hasColor reports whether w is to have colors. See https://no-color.org.
func hasColor(w io.Writer) bool {
	if os.Getenv("NO_COLOR") != "" || !isTerminal(w) {
		return false
	}
	if runtime.GOOS == "windows" { // its old console prints the codes
		return os.Getenv("WT_SESSION") != ""
	}
	term := os.Getenv("TERM")
	return term != "" && term != "dumb"
}

// A progress is a line on a terminal that says what goes on.
type progress struct {
	w     io.Writer // nil: do not show it
	begin time.Time
	shown string
}

func newProgress(w io.Writer) *progress {
	p := &progress{begin: time.Now()}
	if isTerminal(w) {
		p.w = w
	}
	return p
}

// show writes the line, once a second has passed: what is quicker needs no progress.
func (p *progress) show(text string) {
	if p.w == nil || text == p.shown || time.Since(p.begin) < time.Second {
		return
	}
	fmt.Fprintf(p.w, "\r%-*s", width-1, text)
	p.shown = text
}

// clear takes the line away.
func (p *progress) clear() {
	if p.shown != "" {
		fmt.Fprintf(p.w, "\r%*s\r", width-1, "")
	}
}
