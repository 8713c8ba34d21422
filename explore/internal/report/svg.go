// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/osync-go/osync/explore/internal/engine"
)

// Sizes of a drawing, in pixels.
const (
	charWidth  = 7    // of the font of the boxes, at 11.5 pixels
	rowHeight  = 24   // of a step
	boxHeight  = 18   // of its box
	gutter     = 52   // at the left, for the numbers of the steps
	waitWidth  = 28   // of a span during which a goroutine waits
	laneGap    = 30   // between two lanes, for the arrows
	laneMin    = 96   // width of a lane
	laneChars  = 34   // characters of a box, at most
	sourceMax  = 64   // characters of the source beside
	noteMax    = 48   // characters of a note after it
	headEvery  = 40   // rows between repetitions of the names of the lanes
	svgSteps   = 1000 // traces of up to this many steps are drawn whole
	svgHead    = 300  // of longer traces, this many first steps and
	svgTail    = 700  // this many last steps
	titleChars = 110
	titleLines = 8
)

const svgStyle = `
svg { --back: #ffffff; --text: #1f2328; --soft: #656d76; --line: #d0d7de; --band: #f6f8fa;
  --read: #ffffff; --write: #ddf4ff; --other: #f3efe0; --edge: #57606a; --writeEdge: #0969da; --otherEdge: #9a6700;
  --bad: #ffd9d6; --badEdge: #cf222e; --badText: #a40e26; --hatch: #afb8c1; --wake: #1a7f37; --hand: #8250df; }
@media (prefers-color-scheme: dark) { svg { --back: #0d1117; --text: #e6edf3; --soft: #8d96a0; --line: #30363d; --band: #161b22;
  --read: #161b22; --write: #0c2d6b; --other: #342a10; --edge: #8d96a0; --writeEdge: #4493f8; --otherEdge: #bb8009;
  --bad: #67060c; --badEdge: #ff7b72; --badText: #ff9d96; --hatch: #484f58; --wake: #3fb950; --hand: #ab7df8; } }
.back { fill: var(--back); } .band { fill: var(--band); }
text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; fill: var(--text); }
.code, .place { font: 11.5px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; }
.title { font-size: 17px; font-weight: 600; fill: var(--badText); } .message { fill: var(--badText); }
.lane { font-weight: 600; text-anchor: middle; paint-order: stroke; stroke: var(--back); stroke-width: 5px; } .soft, .place, .note { fill: var(--soft); } .note { font-style: italic; }
.number { text-anchor: end; fill: var(--soft); } .box { text-anchor: middle; }
.switch { stroke: var(--line); } .life { stroke: var(--line); stroke-width: 2; }
.read { fill: var(--read); stroke: var(--edge); } .write { fill: var(--write); stroke: var(--writeEdge); }
.other { fill: var(--other); stroke: var(--otherEdge); } .bad { fill: var(--bad); stroke: var(--badEdge); stroke-width: 2; }
.badText { fill: var(--badText); } .waits { fill: url(#hatch); stroke: var(--hatch); } .hatch { stroke: var(--hatch); stroke-width: 2; }
.wake { stroke: var(--wake); fill: none; stroke-width: 1.5; } .hand { stroke: var(--hand); fill: none; stroke-opacity: .6; stroke-dasharray: 4 2; }
.wakeHead { fill: var(--wake); } .handHead { fill: var(--hand); }
`

const svgDefs = `<defs>
<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" y2="7"/></pattern>
<marker id="wake" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="wakeHead" d="M0 0L8 4L0 8z"/></marker>
<marker id="hand" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="handHead" d="M0 0L8 4L0 8z"/></marker>
</defs>
`

// SVG draws a failed execution: a lane for each goroutine, time downwards, a box for each step. A hatched span shows
// that a goroutine waits. An arrow leads from a step that starts or wakes a goroutine to that goroutine's lane, another
// from a step that writes a word to the first step of each other goroutine that sees the value. What went wrong is red.
// The drawing follows the light or dark colour scheme of the reader's system.
func SVG(w io.Writer, f *engine.Failure, o Options) error {
	d := &drawing{picture: newPicture(f), o: o}
	d.layout()
	d.head()
	d.spans()
	d.handed()
	d.boxes()
	d.buf.WriteString("</svg>\n")
	_, err := w.Write(d.buf.Bytes())
	return err
}

type drawing struct {
	*picture
	o      Options
	buf    bytes.Buffer
	lines  []string // of the title
	width  int
	height int
	lane   int   // its width
	source int   // x of the source text
	places int   // characters of a place
	names  []int // y of the rows of lane names
	y      []int // y of the middle of each row; 0 if the row is left out
	cut    [2]int
}

func (d *drawing) printf(format string, args ...any) { fmt.Fprintf(&d.buf, format, args...) }

// escape returns s escaped for SVG text.
func escape(s string) string {
	var b strings.Builder
	if xml.EscapeText(&b, []byte(s)) != nil {
		return ""
	}
	return b.String()
}

// layout assigns a position to each row.
func (d *drawing) layout() {
	for _, line := range title(d.Failure, d.o) {
		d.lines = append(d.lines, wrap(line, titleChars)...)
	}
	if len(d.lines) > titleLines {
		d.lines = append(d.lines[:titleLines-1], "…")
	}
	d.lane = laneMin
	for _, r := range d.rows {
		d.places = max(d.places, min(columns(r.place), sourceMax))
	}
	source := 0
	for _, r := range d.rows {
		d.lane = max(d.lane, min(columns(r.what), laneChars)*charWidth+12)
		place, text, note := d.beside(&r)
		source = max(source, columns(place+text+note))
	}
	for _, t := range d.lanes {
		d.lane = max(d.lane, min(columns(d.name(t)), laneChars)*charWidth+12)
	}
	d.source = gutter + len(d.lanes)*(d.lane+laneGap)
	d.width = max(d.source+source*charWidth+16, 760)
	from, to := -1, -1
	if !d.o.Full && len(d.Trace) > svgSteps {
		from, to = svgHead, len(d.Trace)-svgTail
	}
	d.cut = [2]int{from, to}
	y := 34 + 18*len(d.lines) + 40
	shown := 0
	d.y = make([]int, len(d.rows))
	for i := range d.rows {
		if from <= i && i < to {
			if i == from {
				y += rowHeight
			}
			continue
		}
		if shown%headEvery == 0 {
			y += 8
			d.names = append(d.names, y)
			y += rowHeight
		}
		shown++
		d.y[i] = y
		y += rowHeight
	}
	d.height = y + 10
}

// beside returns the text beside a row: the place, its line of source and the note.
func (d *drawing) beside(r *row) (place, text, note string) {
	place = clip(r.place, sourceMax)
	if place != "" {
		place = pad(place, d.places) + "  "
	}
	if note = r.note; note != "" {
		note = clip("  » "+note, noteMax)
	}
	return place, clip(r.text, sourceMax), note
}

// left returns the left edge of the lane of a thread.
func (d *drawing) left(thread int) int {
	return gutter + d.picture.lane[thread]*(d.lane+laneGap) + laneGap/2
}

func (d *drawing) middle(thread int) int { return d.left(thread) + d.lane/2 }

func (d *drawing) head() {
	d.printf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %[1]d %[2]d\">\n", d.width, d.height)
	d.printf("<title>%s</title>\n<style>%s</style>\n%s", escape(d.lines[0]), svgStyle, svgDefs)
	d.printf("<rect class=\"back\" width=\"100%%\" height=\"100%%\"/>\n")
	y := 28
	for i, line := range d.lines {
		class := "message"
		if i == 0 {
			class = "title"
		}
		d.printf("<text class=\"%s\" x=\"16\" y=\"%d\">%s</text>\n", class, y, escape(line))
		y += 18
	}
	d.printf("<text class=\"soft\" x=\"16\" y=\"%d\">%s</text>\n", y+2, escape(extent(d.Failure)))
	d.legend(y + 22)
}

// legend draws the explanation of the colours and the lines in a row whose middle is y.
func (d *drawing) legend(y int) {
	x := 16
	for _, item := range []struct{ class, text string }{
		{"read", "reads a word"},
		{"write", "writes a word"},
		{"other", "another step"},
		{"bad", "went wrong"},
		{"waits", "waits"},
		{"wake", "starts or wakes"},
		{"hand", "value seen"},
	} {
		switch item.class {
		case "wake", "hand":
			d.printf("<path class=\"%s\" marker-end=\"url(#%[1]s)\" d=\"M%d %dh22\"/>", item.class, x, y)
		default:
			d.printf("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"22\" height=\"12\" rx=\"2\"/>", item.class, x, y-6)
		}
		d.printf("<text class=\"soft\" x=\"%d\" y=\"%d\">%s</text>\n", x+28, y+4, item.text)
		x += 28 + len(item.text)*6 + 24
	}
}

// spans draws the lifetime of each goroutine, and the spans during which it waits.
func (d *drawing) spans() {
	for _, t := range d.lanes {
		first, last := d.shown(d.first[t], 1), d.shown(min(d.last[t], len(d.rows)-1), -1)
		end := d.y[last]
		if d.last[t] == len(d.rows) {
			end = d.height - 6
		}
		d.printf("<line class=\"life\" x1=\"%d\" x2=\"%[1]d\" y1=\"%d\" y2=\"%d\"/>\n", d.middle(t), d.y[first], end)
		for i := 0; i < len(d.rows); i++ {
			if !d.isWaiting(t, i) {
				continue
			}
			from := i
			for i+1 < len(d.rows) && d.isWaiting(t, i+1) {
				i++
			}
			top, bottom := d.y[d.shown(from, 1)], d.height-6
			if i+1 < len(d.rows) {
				bottom = d.y[d.shown(i+1, -1)]
			}
			if bottom > top {
				d.printf("<rect class=\"waits\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"/>\n", d.middle(t)-waitWidth/2, top, waitWidth, bottom-top)
			}
		}
	}
	if from, to := d.cut[0], d.cut[1]; to > from {
		d.printf("<text class=\"lane\" x=\"%d\" y=\"%d\">… %s left out, %s to %s …</text>\n",
			d.width/2, d.y[from-1]+rowHeight+4, count(to-from, "step"), number(from+1), number(to))
	}
}

// shown returns the next row in direction step that is not left out.
func (d *drawing) shown(i, step int) int {
	for 0 <= i && i < len(d.rows) && d.y[i] == 0 {
		i += step
	}
	return max(0, min(i, len(d.rows)-1))
}

// handed draws an arrow from each step that writes a word to the steps that see the value first.
func (d *drawing) handed() {
	type seen struct {
		object string
		thread int
	}
	writer, known := map[string]int{}, map[seen]int{}
	for i, r := range d.rows {
		if r.step == nil || r.step.Word == engine.NoWord || r.step.Object == "" {
			continue
		}
		object, op := r.step.Object, strings.ToLower(r.step.Op)
		w, written := writer[object]
		if written && d.rows[w].thread != r.thread && known[seen{object, r.thread}] != w+1 && !strings.HasPrefix(op, "store") {
			known[seen{object, r.thread}] = w + 1
			d.arrow(w, i)
		}
		if r.step.Before != r.step.After || strings.HasPrefix(op, "store") {
			writer[object] = i
			known[seen{object, r.thread}] = i + 1
		}
	}
}

// arrow draws an arrow from the box of a row to that of a later one.
func (d *drawing) arrow(from, to int) {
	if d.y[from] == 0 || d.y[to] == 0 {
		return
	}
	x1, x2 := d.left(d.rows[from].thread), d.left(d.rows[to].thread)
	bend := laneGap
	if x1 < x2 {
		x1 += d.lane
	} else {
		x2 += d.lane
		bend = -bend
	}
	y1, y2 := d.y[from], d.y[to]
	d.printf("<path class=\"hand\" marker-end=\"url(#hand)\" d=\"M%d %dC%d %d %d %d %d %d\"/>\n", x1, y1, x1+bend, y1, x2-bend, y2, x2, y2)
}

// boxes draws the rows, and the names of the lanes on top of the lines through them.
func (d *drawing) boxes() {
	for _, y := range d.names {
		for _, t := range d.lanes {
			d.printf("<text class=\"lane\" x=\"%d\" y=\"%d\">%s</text>\n", d.middle(t), y+4, escape(clip(d.name(t), laneChars)))
		}
	}
	before := -1
	for i := range d.rows {
		r := &d.rows[i]
		y := d.y[i]
		if y == 0 {
			before = -1
			continue
		}
		if before >= 0 && before != r.thread {
			d.printf("<line class=\"switch\" x1=\"16\" x2=\"%d\" y1=\"%d\" y2=\"%[2]d\"/>\n", d.source-laneGap/2, y-rowHeight/2)
		}
		before = r.thread
		for _, t := range d.named(r.note) {
			if _, drawn := d.picture.lane[t]; drawn && t != r.thread {
				gap := 1
				if i > 0 && d.isWaiting(t, i-1) {
					gap = waitWidth/2 + 1
				}
				from, to := d.left(r.thread), d.middle(t)+gap
				if from < to {
					from, to = from+d.lane, to-2*gap
				}
				d.printf("<path class=\"wake\" marker-end=\"url(#wake)\" d=\"M%d %dH%d\"/>\n", from, y, to)
			}
		}
		d.box(r, i, y)
	}
}

func (d *drawing) box(r *row, i, y int) {
	class, text := "other", ""
	switch {
	case r.bad:
		class, text = "bad", " badText"
	case r.step != nil && r.step.Word != engine.NoWord && reads(r.step):
		class = "read"
	case r.step != nil && r.step.Word != engine.NoWord:
		class = "write"
	}
	d.printf("<g><title>%s</title>", escape(d.hover(r, i)))
	if r.step != nil {
		d.printf("<text class=\"number\" x=\"%d\" y=\"%d\">%d</text>", gutter-8, y+4, i+1)
	}
	d.printf("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\"/>", class, d.left(r.thread), y-boxHeight/2, d.lane, boxHeight)
	d.printf("<text class=\"code box%s\" x=\"%d\" y=\"%d\">%s</text>", text, d.middle(r.thread), y+4, escape(clip(r.what, laneChars)))
	place, source, note := d.beside(r)
	d.printf("<text class=\"code%s\" x=\"%d\" y=\"%d\"><tspan class=\"place\">%s</tspan>%s<tspan class=\"note\">%s</tspan></text>",
		text, d.source, y+4, escape(place), escape(source), escape(note))
	d.printf("</g>\n")
}

// hover returns all the details of a row.
func (d *drawing) hover(r *row, i int) string {
	lines := []string{d.name(r.thread) + ": " + r.what}
	if r.step != nil {
		lines[0] = fmt.Sprintf("step %d, %s", i+1, lines[0])
	}
	lines = append(lines, strings.TrimSpace(r.place+"  "+r.text), r.note)
	if r.step != nil && r.step.Func != "" {
		lines = append(lines, d.src.frame(frameOf(r.step)))
		for n, frame := range r.step.Stack {
			if n == stackLines {
				break
			}
			lines = append(lines, d.src.frame(frame))
		}
	}
	var kept []string
	for _, line := range lines {
		if line != "" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}
