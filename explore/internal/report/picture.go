// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package report

import (
	"strings"

	"github.com/osync-go/osync/explore/internal/engine"
)

// A picture is the common part of the table and the drawing: the rows, and the threads in each.
type picture struct {
	*engine.Failure
	src     *source
	n       *notation
	lanes   []int       // the threads that have rows, by number
	lane    map[int]int // by thread
	rows    []row
	first   map[int]int // the row in which a thread begins
	last    map[int]int // the row in which it ends or is killed; the number of rows if it does not
	waiting []map[int]bool
}

// A row is a step, or a thread's wait at the end.
type row struct {
	thread int
	step   *engine.TraceStep // nil at the end
	what   string            // "CAS m.state: 0→1", "waits in Mutex.Lock of m"
	place  string            // "mutex.go:12"
	text   string            // of that line
	note   string
	bad    bool // part of what went wrong
}

func newPicture(f *engine.Failure) *picture {
	p := &picture{
		Failure: f, src: newSource(f), n: newNotation(f.Trace),
		lane: map[int]int{}, first: map[int]int{0: 0}, last: map[int]int{},
	}
	for i := range f.Trace {
		s := &f.Trace[i]
		p.rows = append(p.rows, row{
			thread: s.Thread, step: s, what: p.n.step(s), place: p.src.place(s.File, s.Line),
			text: p.src.text(s.File, s.Line), note: strings.TrimSpace(printable(s.Note)),
		})
		waiting := map[int]bool{}
		for _, t := range s.Waiting {
			waiting[t] = true
		}
		p.waiting = append(p.waiting, waiting)
	}
	if !p.addWaits() {
		p.markBad()
	}
	p.findLanes()
	for i, r := range p.rows {
		for _, t := range append(p.named(r.note), r.thread) {
			if _, begun := p.first[t]; !begun {
				p.first[t] = i
			}
		}
		p.last[r.thread] = i
		if r.step != nil {
			for _, t := range r.step.Killed {
				p.last[t] = i
			}
		}
	}
	for t := range f.Threads {
		if !p.ended(t) && !p.has(t, "was killed") {
			p.last[t] = len(p.rows)
		}
	}
	return p
}

// addWaits adds a row for each thread that waits at the end, if the execution failed because threads wait. It reports
// whether that is so.
func (p *picture) addWaits() bool {
	if p.Kind != "deadlock" && p.Kind != "left over" {
		return false
	}
	before := len(p.rows)
	for t, th := range p.Threads {
		if strings.HasPrefix(th.Status, "waits") {
			place, text := p.src.at(th.Where)
			p.rows = append(p.rows, row{thread: t, what: printable(th.Status), place: place, text: text, bad: true})
		}
	}
	return len(p.rows) > before
}

// markBad marks the last step. It also marks the last step of each thread at a place that the message of a data race
// names, and of each thread that spins in a livelock.
func (p *picture) markBad() {
	marked := map[int]bool{}
	for i := len(p.rows) - 1; i >= 0; i-- {
		r := &p.rows[i]
		if marked[r.thread] {
			continue
		}
		switch {
		case i == len(p.rows)-1, p.Kind == "data race" && names(p.Message, r.place), p.Kind == "livelock" && p.has(r.thread, "spins"):
			r.bad, marked[r.thread] = true, true
		}
	}
}

// names reports whether text contains name other than as the beginning of a name with a larger number.
func names(text, name string) bool {
	for name != "" {
		_, after, found := strings.Cut(text, name)
		if !found {
			return false
		}
		if after == "" || after[0] < '0' || after[0] > '9' {
			return true
		}
		text = after
	}
	return false
}

// findLanes assigns a lane to each thread that has a row.
func (p *picture) findLanes() {
	present := map[int]bool{}
	highest := -1
	for _, r := range p.rows {
		present[r.thread] = true
		highest = max(highest, r.thread)
	}
	for t := 0; t <= highest; t++ {
		if present[t] {
			p.lane[t] = len(p.lanes)
			p.lanes = append(p.lanes, t)
		}
	}
}

// name returns the name of a thread.
func (p *picture) name(t int) string {
	if t >= 0 && t < len(p.Threads) && p.Threads[t].Name != "" {
		return printable(p.Threads[t].Name)
	}
	if t == 0 {
		return "main"
	}
	return "goroutine " + number(t)
}

// ended reports whether a thread has returned at the end.
func (p *picture) ended(t int) bool { return p.has(t, "ended") }

// has reports whether the status of a thread begins with a word.
func (p *picture) has(t int, status string) bool {
	return t < len(p.Threads) && strings.HasPrefix(p.Threads[t].Status, status)
}

// named returns the threads that a note names: those that the step woke or started.
func (p *picture) named(note string) []int {
	var threads []int
	if note == "" {
		return nil
	}
	for t := range p.Threads {
		if names(note, p.name(t)) {
			threads = append(threads, t)
		}
	}
	return threads
}

// isWaiting reports whether a thread waits after row i.
func (p *picture) isWaiting(t, i int) bool {
	if len(p.waiting) == 0 {
		return false
	}
	return p.waiting[min(i, len(p.waiting)-1)][t]
}

// stack returns the position of a thread: the function it is in, and its callers.
func (p *picture) stack(t int) []string {
	if t < len(p.Threads) && len(p.Threads[t].Stack) > 0 {
		return p.Threads[t].Stack
	}
	for i := len(p.rows) - 1; i >= 0; i-- {
		if s := p.rows[i].step; s != nil && s.Thread == t {
			if s.Func == "" || len(s.Stack) > 0 && s.Stack[0] == frameOf(s) {
				return s.Stack
			}
			_, place, _ := strings.Cut(frameOf(s), " ")
			if where := p.Threads[t].Where; where != "" && where != place {
				return nil // the thread has continued since then
			}
			return append([]string{frameOf(s)}, s.Stack...)
		}
	}
	return nil
}
