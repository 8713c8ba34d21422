// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// A report prints the outcomes of the mutants: the progress to one writer, the results to another.
type report struct {
	out, progress io.Writer
	terminal      bool // progress goes to one
	color         bool
	json, verbose bool

	mu             sync.Mutex
	start, last    time.Time
	total, ran     int // of the trials that have to run
	caught, passed int
}

// isTerminal reports whether a writer is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}

// say prints a line of progress, which the next one replaces.
func (r *report) say(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.line(fmt.Sprintf(format, args...))
}

func (r *report) line(text string) {
	if r.terminal {
		const width = 110
		if runes := []rune(text); len(runes) > width {
			text = string(runes[:width-1]) + "…"
		}
		fmt.Fprintf(r.progress, "\r\x1b[K%s", text)
	} else if time.Since(r.last) > 20*time.Second {
		r.last = time.Now()
		fmt.Fprintln(r.progress, text)
	}
}

// begin reports that n trials have to run.
func (r *report) begin(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.start, r.total = time.Now(), n
}

// decided records the outcome of a trial.
func (r *report) decided(t *trial) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !t.recalled {
		r.ran++
		switch t.verdict {
		case caught, late:
			r.caught++
		case survived:
			r.passed++
		}
		left := time.Duration(float64(time.Since(r.start)) / float64(r.ran) * float64(r.total-r.ran))
		r.line(fmt.Sprintf("%d of %d: %d caught, %d survived, %s left; %s", r.ran, r.total, r.caught, r.passed, elapsed(left), t))
	}
	switch {
	case r.json:
		r.encode(map[string]any{
			"id": t.id, "file": t.file, "line": t.line, "func": t.fn, "op": t.op, "before": t.before, "after": t.after, "nth": t.nth,
			"verdict": t.verdict, "suite": t.suite, "test": t.outcome.Test, "seconds": t.outcome.Seconds, "reason": t.reason,
			"recalled": t.recalled,
		})
	case r.verbose:
		r.clear()
		fmt.Fprintln(r.out, r.paint(t.verdict), t.id, t, t.suite, first(t.outcome.Test))
	}
}

func first(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	return text
}

func (r *report) encode(v any) {
	e := json.NewEncoder(r.out)
	e.SetEscapeHTML(false)
	e.Encode(v)
}

func (r *report) clear() {
	if r.terminal {
		fmt.Fprint(r.progress, "\r\x1b[K")
	}
}

// paint colors a verdict.
func (r *report) paint(verdict string) string {
	switch {
	case !r.color:
		return verdict
	case verdict == caught || verdict == late:
		return "\x1b[32m" + verdict + "\x1b[0m"
	}
	return "\x1b[31m" + verdict + "\x1b[0m"
}

// A count is a line of the summary.
type count struct {
	Mutants  int `json:"mutants"`
	Caught   int `json:"caught"`
	ByTime   int `json:"byTime"` // among the caught
	Survived int `json:"survived"`
	Reasons  int `json:"explained"` // among the survivors
	Unbuilt  int `json:"unbuilt"`
	Unknown  int `json:"unknown"`
}

func (c *count) add(t *trial) {
	c.Mutants++
	switch t.verdict {
	case caught:
		c.Caught++
	case late:
		c.Caught++
		c.ByTime++
	case survived:
		c.Survived++
		if t.reason != "" {
			c.Reasons++
		}
	case unbuilt:
		c.Unbuilt++
	default:
		c.Unknown++
	}
}

const noSuchMutant = "there is no such mutant any more; take it off the list of survivors:\n%s\n\n"

// end prints the results, and reports whether all is well: each survivor has a reason, and each reason has a mutant
// that survives. unknown holds the entries of the list of survivors that match no mutant.
func (r *report) end(trials []*trial, unknown []string) (ok bool) {
	r.clear()
	var all count
	files := map[string]*count{}
	var order []string
	ok = len(unknown) == 0
	for _, t := range trials {
		if files[t.file] == nil {
			files[t.file] = &count{}
			order = append(order, t.file)
		}
		files[t.file].add(t)
		all.add(t)
		ok = ok && !(t.verdict == survived && t.reason == "") && !t.doubtful() && t.verdict != ""
	}
	if r.json {
		r.encode(map[string]any{"summary": all, "ok": ok, "seconds": time.Since(r.start).Seconds(), "stale": unknown})
		return ok
	}
	r.list(trials, "survived, and the list of survivors has no reason:", func(t *trial) bool { return t.verdict == survived && t.reason == "" })
	r.list(trials, "caught, though the list of survivors says that it cannot be:", (*trial).doubtful)
	r.list(trials, "the compiler refuses it, so it says nothing:", func(t *trial) bool { return t.verdict == unbuilt })
	for _, entry := range unknown {
		fmt.Fprintf(r.out, noSuchMutant, entry)
	}
	w := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "mutants\tcaught\tby time\tsurvived\texplained\tunbuilt\tunknown\t  file")
	for _, name := range append(order, "all") {
		c := &all
		if name != "all" {
			c = files[name]
		}
		fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t  %s\n", c.Mutants, c.Caught, c.ByTime, c.Survived, c.Reasons, c.Unbuilt, c.Unknown, name)
	}
	w.Flush()
	if n := all.Caught + all.Survived; n > 0 {
		fmt.Fprintf(r.out, "score: %.1f%% of %d caught, %.1f%% caught or explained\n",
			100*float64(all.Caught)/float64(n), n, 100*float64(all.Caught+all.Reasons)/float64(n))
	}
	return ok
}

// doubtful reports whether t was caught although its entry calls it equivalent to the source. A time limit may
// occasionally catch a mutant that differs only in speed.
func (t *trial) doubtful() bool {
	return (t.verdict == caught || t.verdict == late) && strings.HasPrefix(t.reason, "equivalent:")
}

func (r *report) list(trials []*trial, title string, is func(*trial) bool) {
	for _, t := range trials {
		if is(t) {
			fmt.Fprintln(r.out, r.paint(title))
			title = ""
			break
		}
	}
	if title != "" {
		return
	}
	for _, t := range trials {
		if is(t) {
			fmt.Fprintln(r.out, t.entry())
			for line := range strings.Lines(t.diff()) {
				fmt.Fprint(r.out, "\t", line)
			}
			if t.outcome.Test != "" {
				fmt.Fprintf(r.out, "\t%s: %s\n", t.suite, first(t.outcome.Test))
			}
		}
	}
	fmt.Fprintln(r.out)
}
