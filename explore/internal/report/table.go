// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package report

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/osync-go/osync/explore/internal/engine"
)

// Dimensions of a table.
const (
	maxLanes    = 4   // up to this many goroutines have a column each; more share one column with their names
	minLane     = 12  // columns of a lane: enough for "goroutine 1"
	minRight    = 26  // columns for the place and the text of a line of source, and
	wishRight   = 42  // this many if narrowing lanes makes it possible
	fullSteps   = 200 // traces of up to this many steps are shown whole
	headSteps   = 60  // of longer traces, this many first steps and
	tailSteps   = 120 // this many last steps
	stackLines  = 5   // frames of each goroutine
	reasonLines = 6   // a message of up to this many lines is printed whole below the table, too
	numberGap   = 2   // columns between two cells
)

// Escape sequences of a terminal.
const (
	red  = "\x1b[1;31m"
	bold = "\x1b[1m"
	dim  = "\x1b[2m"
)

// hues are the colours that distinguish the lanes.
var hues = []string{"\x1b[36m", "\x1b[33m", "\x1b[35m", "\x1b[32m", "\x1b[34m"}

// Table prints a failed execution: what went wrong, then a line for each step in the column of its goroutine,
// with a rule where the scheduler switched goroutines; and below, what each goroutine does at the end, and the command
// line that replays the execution. No line is longer than o.Width except that command line, which is never broken, so
// that it can be pasted.
//
// A goroutine that has begun and not ended is a line │ in its column, or ┊ while it waits.
func Table(w io.Writer, f *engine.Failure, o Options) {
	t := &table{picture: newPicture(f), o: o, width: o.width(), w: bufio.NewWriter(w)}
	defer t.w.Flush()
	t.head()
	t.layout()
	t.body()
	t.end()
	t.foot()
}

type table struct {
	*picture
	o      Options
	w      *bufio.Writer
	width  int
	digits int   // of the largest number of a step
	x      []int // the first column of each lane; nil if all share one column
	names  int   // columns of the names of goroutines
	left   int   // columns before the place
	places int   // columns of a place
}

// A span is a piece of a line in one style.
type span struct{ text, style string }

func (t *table) line(spans ...span) {
	for len(spans) > 0 {
		last := &spans[len(spans)-1]
		if last.text = strings.TrimRight(last.text, " "); last.text != "" {
			break
		}
		spans = spans[:len(spans)-1]
	}
	for _, s := range spans {
		if t.o.Color && s.style != "" && strings.TrimSpace(s.text) != "" {
			s.text = s.style + s.text + "\x1b[0m"
		}
		t.w.WriteString(s.text)
	}
	t.w.WriteByte('\n')
}

// paragraph prints text in lines that begin with indent.
func (t *table) paragraph(indent int, text, style string) {
	for _, line := range wrap(text, t.width-indent) {
		t.line(span{pad("", indent), ""}, span{line, style})
	}
}

func (t *table) head() {
	for i, line := range title(t.Failure, t.o) {
		t.paragraph(min(i, 1)*2, line, red)
	}
	t.paragraph(0, extent(t.Failure), bold)
	t.line()
}

// layout computes the columns. Each lane is as wide as its text, if everything fits. Otherwise the widest lanes are
// narrowed: their text then runs over the lanes to the right, where those are empty in that line.
func (t *table) layout() {
	t.digits = len(strconv.Itoa(max(len(t.Trace), 1)))
	begin := 2 + t.digits + numberGap
	widths := make([]int, len(t.lanes))
	what := 0
	for _, r := range t.rows {
		k := t.lane[r.thread]
		widths[k] = max(widths[k], columns(r.what)+numberGap)
		what = max(what, columns(r.what))
		t.places = max(t.places, columns(r.place))
	}
	t.places = min(t.places, t.width/3)
	for k, thread := range t.lanes {
		widths[k] = max(widths[k], columns(t.name(thread))+numberGap, minLane)
		t.names = max(t.names, columns(t.name(thread)))
	}
	t.names = min(t.names, t.width/3)
	for sum(widths) > t.width-begin-wishRight {
		widest := -1
		for k, thread := range t.lanes[:max(0, len(t.lanes)-1)] { // the last one has nothing to its right
			if widths[k] > max(minLane, columns(t.name(thread))+numberGap) && (widest < 0 || widths[k] >= widths[widest]) {
				widest = k
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
	}
	if len(t.lanes) <= maxLanes && sum(widths) <= t.width-begin-minRight {
		x := begin
		for _, w := range widths {
			t.x = append(t.x, x)
			x += w
		}
		t.left = x
		return
	}
	t.left = begin + t.names + numberGap + what + numberGap
	if t.width-t.left < minRight { // the source text gets its own line
		t.left = t.width
	}
}

func sum(numbers []int) int {
	total := 0
	for _, n := range numbers {
		total += n
	}
	return total
}

func (t *table) body() {
	if len(t.rows) == 0 {
		t.line(span{"No step was recorded.", ""})
		return
	}
	if t.x != nil {
		spans := []span{{pad("", t.x[0]), ""}}
		for k, thread := range t.lanes {
			end := t.left
			if k+1 < len(t.x) {
				end = t.x[k+1]
			}
			spans = append(spans, span{pad(t.name(thread), end-t.x[k]), hues[k%len(hues)]})
		}
		t.line(spans...)
	}
	cutFrom, cutTo := t.elided()
	t.rule(t.width)
	for i := 0; i < len(t.rows); i++ {
		named := i == 0 || t.rows[i-1].thread != t.rows[i].thread
		if i == cutFrom && cutTo > cutFrom {
			t.rule(t.left)
			t.line(span{fmt.Sprintf("%s… %s left out, %s to %s …", pad("", t.digits+2+numberGap), count(cutTo-cutFrom, "step"),
				number(cutFrom+1), number(cutTo)), bold})
			i, named = cutTo, true
			t.rule(t.left)
		} else if named && i > 0 && t.rows[i-1].step != nil {
			t.rule(t.left)
		}
		t.row(i, named)
	}
	t.rule(t.width)
}

// elided returns the range of steps that are left out. The second result is excluded.
func (t *table) elided() (from, to int) {
	if t.o.Full || len(t.Trace) <= fullSteps {
		return -1, -1
	}
	return headSteps, len(t.Trace) - tailSteps
}

// rule prints a rule of about n columns.
func (t *table) rule(n int) {
	if n < t.width {
		n -= numberGap
	}
	t.line(span{strings.Repeat("─", n), dim})
}

// row prints a row. named is set for the first row of a run, which shows the name of the goroutine if all share one
// column.
func (t *table) row(i int, named bool) {
	r := &t.rows[i]
	style := hues[t.lane[r.thread]%len(hues)]
	if r.bad {
		style = red
	}
	var left, right []string
	if t.x != nil {
		left = wrap(r.what, t.left-t.x[t.lane[r.thread]]-numberGap)
	} else {
		left = wrap(r.what, min(t.left, t.width)-t.digits-2-numberGap-t.names-numberGap)
	}
	beside := t.left < t.width
	room := t.width - t.left
	if !beside {
		room = t.width - t.indent()
	}
	note := ""
	if r.note != "" {
		note = "» " + r.note
	}
	if r.place != "" {
		source := strings.TrimRight(pad(clip(r.place, t.places), t.places)+"  "+r.text, " ")
		if columns(source)+numberGap+columns(note) <= room {
			source, note = strings.TrimRight(source+"  "+note, " "), ""
		}
		right = append(right, clip(source, room))
	}
	if note != "" {
		right = append(right, wrap(note, room)...)
	}
	for n := 0; n < len(left) || beside && n < len(right); n++ {
		spans := t.number(i, n, r)
		text, source := "", ""
		if n < len(left) {
			text = left[n]
		}
		if beside && n < len(right) {
			source = right[n]
		}
		if t.x != nil {
			spans = append(spans, t.cells(i, text, style)...)
		} else {
			name := ""
			if named && n == 0 {
				name = t.name(r.thread)
			}
			spans = append(spans, span{pad(clip(name, t.names), t.names+numberGap), style},
				span{pad(text, t.left-t.digits-2-numberGap-t.names-numberGap), style})
		}
		t.line(append(spans, t.source(source, r)...)...)
	}
	if !beside {
		for _, text := range right {
			t.line(append([]span{{pad("", t.indent()), ""}}, t.source(text, r)...)...)
		}
	}
}

// indent returns the column where the source begins if it has its own lines.
func (t *table) indent() int { return 2 + t.digits + numberGap + 2 }

// number returns, for the first line of a row, the number of the step, with a mark if the row is bad.
func (t *table) number(i, line int, r *row) []span {
	mark, n, style := " ", "", dim
	if line == 0 {
		if r.step != nil {
			n = strconv.Itoa(i + 1)
		}
		if r.bad {
			mark, style = "►", red
		}
	}
	return []span{{mark + " " + strings.Repeat(" ", t.digits-len(n)) + n + "  ", style}}
}

// cells returns row i with text in its lane and marks in the lanes of the other goroutines.
func (t *table) cells(i int, text, style string) []span {
	own := t.lane[t.rows[i].thread]
	var spans []span
	at := t.x[0]
	put := func(to int, s, style string) {
		spans = append(spans, span{pad("", to-at), ""}, span{s, style})
		at = to + columns(s)
	}
	for k, thread := range t.lanes {
		switch {
		case k == own && text != "":
			put(t.x[k], text, style)
		case t.x[k] > at || at == t.x[0] && k == 0:
			if s := t.state(thread, i); s != "" {
				put(t.x[k], s, dim)
			}
		}
	}
	return append(spans, span{pad("", t.left-at), ""})
}

// state returns the mark in the lane of a thread in row i if the row is another thread's.
func (t *table) state(thread, i int) string {
	if first, begun := t.first[thread]; !begun || i < first || i > t.last[thread] {
		return ""
	}
	if t.isWaiting(thread, i) {
		return "┊"
	}
	return "│"
}

// source returns the place and the text of a line in two styles.
func (t *table) source(text string, r *row) []span {
	if place, rest, found := strings.Cut(text, "  "); found && !r.bad {
		return []span{{place + "  ", dim}, {rest, ""}}
	}
	if r.bad {
		return []span{{text, red}}
	}
	return []span{{text, ""}}
}

// end prints what each goroutine does at the end.
func (t *table) end() {
	if len(t.Threads) == 0 {
		return
	}
	t.line()
	t.line(span{"At the end:", bold})
	wide := 0
	var ended []string
	for n := range t.Threads {
		if t.ended(n) {
			ended = append(ended, t.name(n))
			continue
		}
		wide = max(wide, columns(t.name(n)))
	}
	wide = min(wide, t.width/3)
	for n, th := range t.Threads {
		if t.ended(n) {
			continue
		}
		text := printable(th.Status)
		place, source := t.src.at(th.Where)
		if place != "" {
			text += " at " + place
		}
		if source != "" {
			text += ": " + source
		}
		if place, _ := t.src.at(th.Go); place != "" {
			text += ", started at " + place
		}
		for i, line := range wrap(text, t.width-2-wide-numberGap) {
			name := ""
			if i == 0 {
				name = clip(t.name(n), wide)
			}
			t.line(span{"  " + pad(name, wide+numberGap), bold}, span{line, ""})
		}
		t.stackOf(n, 2+wide+numberGap+2)
	}
	if len(ended) > 0 {
		t.paragraph(2, "ended: "+strings.Join(ended, ", "), dim)
	}
}

// stackOf prints the innermost frames of a thread.
func (t *table) stackOf(n, indent int) {
	stack := t.stack(n)
	for i, frame := range stack {
		if i == stackLines && len(stack) > stackLines+1 {
			t.paragraph(indent, "and "+count(len(stack)-i, "caller"), dim)
			break
		}
		t.paragraph(indent, t.src.frame(frame), dim)
	}
}

// foot prints the reason once more, since a terminal shows the end of the output, and the command line that replays the
// execution.
func (t *table) foot() {
	t.line()
	lines := reason(t.Failure)
	if len(lines) > reasonLines {
		lines = []string{strings.TrimSuffix(lines[0], ":")}
	}
	for i, line := range lines {
		t.paragraph(min(i, 1)*2, line, red)
	}
	if t.Schedule != "" {
		t.line(span{"To replay this execution:", bold})
		t.line(span{t.o.command(t.Schedule), ""})
	}
}
