// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/examples/internal/terminal"
)

// An outcome is how a program ended.
type outcome struct {
	stop
	kind   string // passed, unsupported or failed
	reason string // of the other two
	took   time.Duration
}

const (
	passed      = "passed"
	unsupported = "not on this system"
	failed      = "FAILED"
)

// A guide runs programs, and talks about them.
type guide struct {
	out      io.Writer
	paint    terminal.Paint
	race     bool
	timeout  time.Duration
	files    map[string]string // the executables, by path
	examples string            // the folder of the sources
}

// walk builds the chosen programs and runs them one after the other. It reports whether none
// has failed.
func walk(ctx context.Context, chosen []stop, o options, stdout, stderr io.Writer) (bool, error) {
	begin := time.Now()
	g, clean, err := prepare(ctx, chosen, o, stdout, stderr)
	if err != nil {
		return false, err
	}
	defer clean()
	outcomes := g.visit(ctx, chosen)
	return g.summary(outcomes, len(chosen), time.Since(begin)), nil
}

// prepare builds the chosen programs. It returns a guide that runs them, and what removes them.
func prepare(ctx context.Context, chosen []stop, o options, stdout, stderr io.Writer) (g guide, clean func(), err error) {
	if err := checkGo(ctx); err != nil {
		return g, nil, err
	}
	here, err := os.Getwd()
	if err != nil {
		return g, nil, err
	}
	examples, err := findExamples(here)
	if err != nil {
		return g, nil, err
	}
	bin, err := os.MkdirTemp("", "osync-tour-")
	if err != nil {
		return g, nil, err
	}
	g = guide{out: stdout, paint: terminal.Colors(terminal.HasColor(stdout)), race: o.race, timeout: o.timeout, examples: examples}
	progress := terminal.NewProgress(stderr)
	what := fmt.Sprintf("building %s", programs(len(chosen)))
	if !terminal.Is(stderr) {
		fmt.Fprintf(stdout, "%s\n", what)
	}
	progress.Show(what)
	w := workshop{examples, bin, func(text string) { progress.Show(what + ": " + text) }}
	g.files, err = w.build(ctx, chosen, o.race)
	progress.Clear()
	if err != nil && ctx.Err() == nil {
		fmt.Fprintln(stdout, g.paint(terminal.Red, strings.TrimSpace(err.Error())))
	}
	return g, func() { os.RemoveAll(bin) }, nil
}

// visit runs the programs until ctx ends.
func (g guide) visit(ctx context.Context, chosen []stop) []outcome {
	var outcomes []outcome
	for i, s := range chosen {
		if ctx.Err() != nil {
			break
		}
		if i == 0 || chosen[i-1].chapter.dir != s.chapter.dir {
			fmt.Fprintf(g.out, "\n%s\n", g.paint(terminal.Bold, s.chapter.dir+"  "+s.chapter.title))
		}
		fmt.Fprintf(g.out, "\n%s %s\n", g.paint(terminal.Bold, s.path()), g.paint(terminal.Faint, fmt.Sprintf("(%d of %d)", i+1, len(chosen))))
		g.tell("Watch for: ", s.shows)
		if g.race && s.races {
			g.tell("", "It races on purpose, and is built without the race detector.")
		}
		output := &indented{w: g.out, margin: margin, telling: telling(s)}
		o := g.run(ctx, s, output)
		if o.kind == passed {
			g.tell("What happened: ", s.after)
		}
		fmt.Fprintln(g.out, g.verdict(o))
		outcomes = append(outcomes, o)
		if i == len(chosen)-1 || chosen[i+1].chapter.dir != s.chapter.dir {
			g.built(s.chapter.ideas)
		}
	}
	return outcomes
}

// built says what osync built from ideas.
func (g guide) built(ideas []idea) {
	if len(ideas) == 0 {
		return
	}
	fmt.Fprintf(g.out, "\n%s\n", g.paint(terminal.Bold, "What osync built from the ideas"))
	for _, i := range ideas {
		for n, line := range terminal.Wrap(i.Name+": "+i.Built+" ("+strings.Join(i.See, ", ")+")", terminal.Width-4) {
			fmt.Fprintln(g.out, strings.Repeat(" ", 2+2*min(n, 1))+line)
		}
	}
}

// tell writes text under a title, broken into lines.
func (g guide) tell(title, text string) {
	for _, line := range terminal.Wrap(title+text, terminal.Width) {
		fmt.Fprintln(g.out, g.paint(terminal.Faint, line))
	}
}

// telling returns what a line begins with that says why a program has failed.
func telling(s stop) []string { return []string{s.name + ": ", "panic: ", "fatal error: "} }

// run runs one program with arguments, and writes what it prints to output.
func (g guide) run(ctx context.Context, s stop, output *indented, args ...string) outcome {
	o := outcome{stop: s, kind: failed, reason: "it does not build: see above"}
	file, ok := g.files[s.path()]
	if !ok {
		return o
	}
	limited, cancel := context.WithTimeout(ctx, g.timeout)
	defer cancel()
	cmd := exec.CommandContext(limited, file, args...)
	cmd.WaitDelay = time.Second // for those that the program has started
	cmd.Stdout, cmd.Stderr = output, output
	begin := time.Now()
	err := cmd.Run()
	o.took = time.Since(begin)
	output.end()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		o.reason = "interrupted"
	case limited.Err() != nil:
		o.reason = fmt.Sprintf("it has not ended after %v", g.timeout)
	case err == nil:
		o.kind, o.reason = passed, ""
	case errors.As(err, &exit) && exit.ExitCode() == program.Unsupported:
		_, why, ok := strings.Cut(output.reason(), unsupported+": ")
		if !ok {
			why = "it gives no reason"
		}
		o.kind, o.reason = unsupported, strings.TrimPrefix(why, errors.ErrUnsupported.Error()+": ")
	default:
		o.reason = fmt.Sprintf("%v: %s", err, strings.TrimPrefix(output.reason(), s.name+": "))
	}
	return o
}

// verdict is one line about an outcome.
func (g guide) verdict(o outcome) string {
	switch o.kind {
	case passed:
		return g.paint(terminal.Green, fmt.Sprintf("%s in %.2f s", passed, o.took.Seconds()))
	case unsupported:
		return g.paint(terminal.Yellow, unsupported+": "+o.reason)
	default:
		return g.paint(terminal.Red, failed+": "+o.reason)
	}
}

// summary says how the tour went, and reports whether nothing has failed.
func (g guide) summary(outcomes []outcome, wanted int, took time.Duration) bool {
	kinds := map[string][]outcome{}
	for _, o := range outcomes {
		kinds[o.kind] = append(kinds[o.kind], o)
	}
	for _, kind := range []string{unsupported, failed} {
		if len(kinds[kind]) > 0 {
			fmt.Fprintf(g.out, "\n%s:\n", kind)
		}
		for _, o := range kinds[kind] {
			fmt.Fprintf(g.out, "  %-18s %s\n", o.path(), o.reason)
		}
	}
	fmt.Fprintf(g.out, "\n%s in %.0f s: %d passed, %d not on this system, %d failed\n", programs(len(outcomes)),
		took.Seconds(), len(kinds[passed]), len(kinds[unsupported]), len(kinds[failed]))
	if len(outcomes) < wanted {
		fmt.Fprintf(g.out, "%d did not run: the tour was interrupted\n", wanted-len(outcomes))
	}
	return len(kinds[failed]) == 0 && len(outcomes) == wanted
}

func programs(n int) string {
	if n == 1 {
		return "1 program"
	}
	return fmt.Sprintf("%d programs", n)
}

// An indented writes to w with a margin, and remembers the last line, which often says why a
// program has failed; a line that begins with a telling word does so more often.
type indented struct {
	w          io.Writer
	margin     string
	telling    []string
	line       string // what has come of the present one
	last, told string
}

const margin = "    "

func (t *indented) Write(p []byte) (int, error) {
	for piece := range strings.Lines(string(p)) {
		shown := piece
		if t.line == "" {
			shown = t.margin + piece
		}
		if _, err := io.WriteString(t.w, shown); err != nil {
			return 0, err
		}
		t.line += piece
		if strings.HasSuffix(piece, "\n") {
			t.close()
		}
	}
	return len(p), nil
}

// close notes that the line is complete.
func (t *indented) close() {
	if text := strings.TrimSpace(t.line); text != "" {
		t.last = text
	}
	for _, word := range t.telling {
		if strings.HasPrefix(t.line, word) {
			t.told = t.last
		}
	}
	t.line = ""
}

// end completes the last line.
func (t *indented) end() {
	if t.line != "" {
		fmt.Fprintln(t.w)
		t.close()
	}
}

// reason returns the line that says most.
func (t *indented) reason() string {
	if t.told != "" {
		return t.told
	}
	return t.last
}
