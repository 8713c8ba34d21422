// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package report presents the explorer's results: a failed execution as a table or a drawing, and a summary of a line
// or two of how much was explored.
package report

import (
	"os"
	"regexp"
	"strings"

	"github.com/osync-go/osync/explore/internal/engine"
)

// Options are the form of a report, and the names and flags for the command line that replays the execution.
type Options struct {
	Test    string   // the name of the test, as t.Name returns it
	Package string   // its package, as go test takes it: "./mylock"
	Flags   []string // further flags that the command needs to replay the failure
	Width   int      // columns of a table: 0 means 100, less than 40 means 40
	Full    bool     // show all steps, however many there are
	Color   bool     // with the escape sequences of terminals; see Color
}

// Color reports whether a report to f should have colours: f is a terminal that supports them, and the user has not set
// NO_COLOR.
func Color(f *os.File) bool {
	if os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (o Options) width() int {
	if o.Width == 0 {
		return 100
	}
	return max(o.Width, 40)
}

// command returns the command line that replays the execution, ready to be pasted into a shell.
func (o Options) command(schedule string) string {
	words := []string{"go run github.com/osync-go/osync/explore/cmd/explore"}
	if o.Test != "" {
		var parts []string // -run takes an expression for each level of a subtest
		for part := range strings.SplitSeq(o.Test, "/") {
			parts = append(parts, "^"+regexp.QuoteMeta(part)+"$")
		}
		words = append(words, "-run", quote(strings.Join(parts, "/")))
	}
	for _, flag := range o.Flags {
		words = append(words, bare(flag))
	}
	words = append(words, "-replay", quote(schedule))
	if o.Package != "" {
		words = append(words, bare(o.Package))
	}
	return strings.Join(words, " ")
}

// quote returns s as one word for a shell.
func quote(s string) string { return "'" + strings.ReplaceAll(printable(s), "'", `'\''`) + "'" }

// bare returns s unquoted if a shell would read it as one word.
func bare(s string) string {
	if strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789_-./@") == "" {
		return s
	}
	return quote(s)
}

// reason returns the lines that describe what went wrong. The first one begins with the kind.
func reason(f *engine.Failure) []string {
	kind := strings.TrimSpace(printable(f.Kind))
	if kind == "" {
		kind = "failure"
	}
	var lines []string
	for line := range strings.SplitSeq(f.Message, "\n") {
		if line = strings.TrimRight(printable(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	switch {
	case lines == nil:
		lines = []string{kind}
	case !strings.HasPrefix(lines[0], kind):
		lines[0] = kind + ": " + strings.TrimLeft(lines[0], " ")
	}
	return lines
}

// title returns the lines of the title: the name of the test and what went wrong.
func title(f *engine.Failure, o Options) []string {
	lines := reason(f)
	if o.Test != "" {
		lines[0] = printable(o.Test) + ": " + lines[0]
	}
	return lines
}

// extent describes how soon the failure was found, and how large it is.
func extent(f *engine.Failure) string {
	text := ""
	if f.Execution > 0 {
		text = "found after " + count(f.Execution, "execution") + ": "
	}
	timers := 0
	for _, th := range f.Threads {
		if strings.HasPrefix(th.Name, "timer") {
			timers++
		}
	}
	text += count(len(f.Trace), "step") + " of " + count(len(f.Threads)-timers, "goroutine")
	if timers > 0 {
		text += " and " + count(timers, "timer")
	}
	return text
}
