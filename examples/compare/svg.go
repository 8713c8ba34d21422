// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	svg "github.com/ajstarks/svgo/float"
)

// style makes a picture readable on light and on dark paper. The colors of the peers can be told
// apart by all eyes (after Okabe and Ito), and stand on both.
const style = `
text { font: 12px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
.title { font-size: 17px; font-weight: 600 }
.head { font-weight: 600 }
.faint { fill: #656d76 }
.end { text-anchor: end }
.mid { text-anchor: middle }
.paper { fill: #ffffff }
.grid { stroke: #d9dee3; stroke-width: 1 }
.one { stroke: #1f2328; stroke-width: 1.5 }
.band { fill: #f4f6f8 }
.c0 { fill: #d55e00; stroke: #d55e00 }
.c1 { fill: #0072b2; stroke: #0072b2 }
.c2 { fill: #009e73; stroke: #009e73 }
.c3 { fill: #cc79a7; stroke: #cc79a7 }
.c4 { fill: #56b4e9; stroke: #56b4e9 }
.c5 { fill: #e69f00; stroke: #e69f00 }
.c6 { fill: #8a6fd1; stroke: #8a6fd1 }
.c7 { fill: #999999; stroke: #999999 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.faint { fill: #8d96a0 }
.paper { fill: #0d1117 }
.grid { stroke: #30363d }
.one { stroke: #e6edf3 }
.band { fill: #161b22 }
.c1 { fill: #3d9be0; stroke: #3d9be0 }
}
`

// A picture is an SVG that grows downwards: its height is known only at the end.
type picture struct {
	*svg.SVG
	out   bytes.Buffer
	width float64
	y     float64
}

func newPicture(width float64, title, subtitle string) *picture {
	p := &picture{width: width, y: 34}
	p.SVG = svg.New(&p.out)
	p.text(20, p.y, "title", title)
	p.y += 20
	p.text(20, p.y, "faint", subtitle)
	p.y += 14
	return p
}

func (p *picture) text(x, y float64, class, text string) {
	p.Text(x, y, text, `class="`+class+`"`)
}

// write puts the picture into a file.
func (p *picture) write(dir, name string) error {
	var out bytes.Buffer
	frame := svg.New(&out)
	frame.Startview(p.width, p.y, 0, 0, p.width, p.y)
	frame.Style("text/css", style)
	frame.Rect(0, 0, p.width, p.y, `class="paper"`)
	out.Write(p.out.Bytes())
	frame.End()
	return os.WriteFile(filepath.Join(dir, name), out.Bytes(), 0o644)
}

// A scale puts values on a stretch from left to right.
type scale struct {
	left, right float64 // in the picture
	low, high   float64 // values
	log         bool
	ticks       []float64
	label       func(float64) string
}

// logScale returns a logarithmic scale for values, with ticks at 1, 2 and 5, or at each power of ten.
func logScale(left, right float64, values []float64, label func(float64) string) scale {
	low, high := 0.5, 2.0
	if len(values) > 0 {
		low, high = slices.Min(values), slices.Max(values)
	}
	s := scale{left: left, right: right, log: true, label: label}
	s.low, s.high = low/1.15, high*1.15
	steps := []float64{1, 2, 5}
	const room = 38 // of a label; the ticks at 1 and 2 are the closest
	if (right-left)*math.Log(2)/math.Log(s.high/s.low) < room {
		steps = steps[:1]
	}
	for e := math.Floor(math.Log10(s.low)); e <= math.Log10(s.high); e++ {
		for _, step := range steps {
			if x := step * math.Pow(10, e); x >= s.low && x <= s.high {
				s.ticks = append(s.ticks, x)
			}
		}
	}
	return s
}

// at returns where x is, and whether it is within the scale.
func (s scale) at(x float64) (at float64, within bool) {
	part := (x - s.low) / (s.high - s.low)
	if s.log {
		part = math.Log(x/s.low) / math.Log(s.high/s.low)
	}
	return s.left + min(1, max(0, part))*(s.right-s.left), part >= 0 && part <= 1
}

// axis draws the ticks of s between two heights, with their labels at the top.
func (p *picture) axis(s scale, title string, top, bottom float64) {
	p.text((s.left+s.right)/2, top-22, "head mid", title)
	for _, tick := range s.ticks {
		x, _ := s.at(tick)
		class := "grid"
		if tick == 1 && s.log {
			class = "one"
		}
		p.Line(x, top, x, bottom, `class="`+class+`"`)
		p.text(x, top-6, "faint mid", s.label(tick))
	}
}

// legend names the peers by their marks, as many in a line as there is room for.
func (p *picture) legend(peers []string, left float64) {
	x := left
	p.y += 14
	for i, name := range peers {
		width := 28 + 7*float64(len(name))
		if x+width > p.width {
			x = left
			p.y += 18
		}
		p.mark(x+6, p.y-4, i, name == ours || name == ourThreads)
		p.text(x+16, p.y, "", name)
		x += width
	}
	p.y += 10
}

// mark draws the mark of a peer. Color and form tell them apart, and osync's is larger.
func (p *picture) mark(x, y float64, i int, big bool) {
	class := fmt.Sprintf(`class="c%d"`, i%8)
	r := 3.4
	if big {
		r = 5.5
	}
	switch i % 4 {
	case 0:
		p.Circle(x, y, r, class)
	case 1:
		p.Rect(x-r*0.9, y-r*0.9, 1.8*r, 1.8*r, class)
	case 2:
		p.Polygon([]float64{x, x + 1.2*r, x, x - 1.2*r}, []float64{y - 1.2*r, y, y + 1.2*r, y}, class)
	default:
		p.Polygon([]float64{x, x + 1.1*r, x - 1.1*r}, []float64{y - 1.1*r, y + 0.9*r, y + 0.9*r}, class)
	}
}
