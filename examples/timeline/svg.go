// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"image/color"
	"io"
	"slices"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// The colors of the workers, which can be told apart by all eyes (after Okabe and Ito), and
// that of waiting.
var (
	palette = []color.Color{
		color.RGBA{0x00, 0x72, 0xb2, 0xff},
		color.RGBA{0xe6, 0x9f, 0x00, 0xff},
		color.RGBA{0x00, 0x9e, 0x73, 0xff},
		color.RGBA{0xcc, 0x79, 0xa7, 0xff},
		color.RGBA{0x56, 0xb4, 0xe9, 0xff},
		color.RGBA{0xd5, 0x5e, 0x00, 0xff},
		color.RGBA{0xf0, 0xe4, 0x42, 0xff},
		color.RGBA{0x44, 0x44, 0x44, 0xff},
	}
	waitColor = color.RGBA{0xc8, 0xc8, 0xc8, 0xff}
	keyColor  = color.RGBA{0x77, 0x77, 0x77, 0xff} // of no worker
)

func colorOf(worker int) color.Color { return palette[worker%len(palette)] }

// The heights of bars, in rows. To hold a lock is more than to share it, and that more than to wait.
const (
	holdHeight  = 0.76
	shareHeight = 0.4
	waitHeight  = 0.14
)

// A bar is a part of a row, from one time to another.
type bar struct {
	row      int
	from, to float64
	height   float64
	color    color.Color
}

// A drawing is the rows of a timeline, and the key above them.
type drawing struct {
	bars []bar
	keys []key
	top  int // the row of the key
	font text.Style
}

// A key explains a bar.
type key struct {
	height float64
	color  color.Color
	text   string
}

// drawSVG draws r: a row for each worker, and above them one for the lock, in the color of its
// holder, if only one can have it.
func drawSVG(w io.Writer, r *recording, s summary) error {
	unit, scale := "ms", float64(time.Millisecond)
	if r.end() < 2*time.Millisecond {
		unit, scale = "µs", float64(time.Microsecond)
	}
	p := plot.New()
	sans(&p.Title.TextStyle, &p.X.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label)
	c := r.config
	p.Title.Text = fmt.Sprintf("%s: %s, %v inside, %v outside\n%s", r.title, r.workers(), c.work, c.rest, s.words())
	p.Title.TextStyle.Font.Size = vg.Points(11)
	p.Title.Padding = vg.Points(8)
	p.X.Label.Text = "time in " + unit
	p.X.Min, p.X.Max = 0, float64(r.end())/scale

	d := r.drawing(scale)
	d.font = p.X.Tick.Label
	p.Add(d)
	p.Y.Min, p.Y.Max = -0.6, float64(d.top)+0.5
	p.Y.Tick.Marker = plot.ConstantTicks(r.rows(s))
	p.Y.Tick.Length, p.Y.LineStyle.Width = 0, 0
	p.X.Padding, p.Y.Padding = 0, 0

	canvas := vgsvg.New(11*vg.Inch, vg.Length(1.3+0.36*float64(d.top+1))*vg.Inch)
	p.Draw(draw.Crop(draw.New(canvas), vg.Points(12), -vg.Points(16), vg.Points(6), -vg.Points(6)))
	_, err := canvas.WriteTo(w)
	return err
}

func sans(styles ...*text.Style) {
	for _, s := range styles {
		s.Font = font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Points(9)}
	}
}

// rows returns the names of the rows, from the last worker at the bottom to the lock.
func (r *recording) rows(s summary) []plot.Tick {
	var ticks []plot.Tick
	for i, w := range s.workers {
		name := fmt.Sprintf("%s: %d×", r.worker(i), w.holds)
		ticks = append(ticks, plot.Tick{Value: float64(r.row(i)), Label: name})
	}
	if r.shared == 0 {
		ticks = append(ticks, plot.Tick{Value: float64(r.config.workers), Label: "holder"})
	}
	return ticks
}

// row returns the row of a worker. The first one is the uppermost.
func (r *recording) row(worker int) int { return r.config.workers - 1 - worker }

// drawing returns what there is to draw, in units of scale.
func (r *recording) drawing(scale float64) *drawing {
	d := &drawing{top: r.config.workers}
	d.keys = []key{{waitHeight, waitColor, "waits"}}
	lockRow := -1
	if r.shared == 0 {
		lockRow = d.top
		d.top++
	}
	if r.shared > 0 {
		d.keys = append(d.keys, key{shareHeight, keyColor, "shares it with others"})
	}
	if r.shared == 0 || r.shared == unlimited {
		d.keys = append(d.keys, key{holdHeight, keyColor, "holds it alone"})
	}
	blur := float64(r.end()) / scale / 4000 // what is shorter cannot be seen
	for _, s := range r.spans {
		want, got, done := float64(s.want)/scale, float64(s.got)/scale, float64(s.done)/scale
		height := holdHeight
		if s.shared {
			height = shareHeight
		}
		if got-want > blur {
			d.bars = append(d.bars, bar{r.row(s.worker), want, got, waitHeight, waitColor})
		}
		d.bars = append(d.bars, bar{r.row(s.worker), got, done, height, colorOf(s.worker)})
		if lockRow >= 0 {
			d.bars = append(d.bars, bar{lockRow, got, done, holdHeight, colorOf(s.worker)})
		}
	}
	d.bars = merge(d.bars, blur)
	return d
}

// merge makes one of the bars of a kind that begin less than blur after the one before has
// ended. Thousands of them would only be a large file.
func merge(bars []bar, blur float64) []bar {
	kind := func(b bar) bar { b.from, b.to = 0, 0; return b }
	last := map[bar]int{} // the place of the last of its kind
	var merged []bar
	for _, b := range bars {
		if i, ok := last[kind(b)]; ok && b.from < merged[i].to+blur && b.from >= merged[i].from {
			merged[i].to = max(merged[i].to, b.to)
			continue
		}
		last[kind(b)] = len(merged)
		merged = append(merged, b)
	}
	// Waits first: what is held is drawn over them.
	slices.SortStableFunc(merged, func(a, b bar) int { return int(100 * (a.height - b.height)) })
	return merged
}

// Plot implements [plot.Plotter].
func (d *drawing) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	const thin = 0.2 // points: what is shorter is drawn so that it can be seen
	for _, b := range d.bars {
		from, to := x(b.from), x(b.to)
		fill(c, b.color, from, max(to, from+thin), y(float64(b.row)-b.height/2), y(float64(b.row)+b.height/2))
	}
	at, middle := c.Min.X, float64(d.top)
	for _, k := range d.keys {
		fill(c, k.color, at, at+vg.Points(22), y(middle-k.height/2), y(middle+k.height/2))
		style := d.font
		style.XAlign, style.YAlign = text.XLeft, text.YCenter
		at += vg.Points(27)
		c.FillText(style, vg.Point{X: at, Y: y(middle)}, k.text)
		at += 1.2*style.Width(k.text) + vg.Points(18) // a viewer may have another font
	}
}

func fill(c draw.Canvas, color color.Color, left, right, bottom, top vg.Length) {
	c.FillPolygon(color, []vg.Point{{X: left, Y: bottom}, {X: right, Y: bottom}, {X: right, Y: top}, {X: left, Y: top}})
}
