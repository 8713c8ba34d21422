// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package chart draws what the measuring examples have measured, as SVG.
package chart

import (
	"bytes"
	"errors"
	"fmt"
	"image/color"
	"os"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Charts are as wide as a telephone, so that their words stay readable there.
const (
	width  = 350 * vg.Length(1)
	height = 270 * vg.Length(1) // of a chart of lines
)

// spacious is the size of font that room is left for. Words are written in size 11, since a viewer may
// have to take a wider font than the one that is measured.
const spacious = 12.5

// Colors are those of the series. Each has a contrast of three to one or more with white and with a
// page that is nearly black.
var Colors = []color.NRGBA{
	{0x3b, 0x82, 0xf6, 0xff}, // blue
	{0xd9, 0x77, 0x06, 0xff}, // orange
	{0x16, 0xa3, 0x4a, 0xff}, // green
	{0xc0, 0x5f, 0xd6, 0xff}, // purple
}

// A Series is one named row of values: a line, or bars of one color.
type Series struct {
	Name string
	X    []float64 // of a line; bars have the names of their groups instead
	Y    []float64
}

// Labels are the words around a chart: the title, what X is of a chart of lines, and the unit of the
// values.
type Labels struct{ Title, X, Y string }

// Lines writes a chart of lines with points to the file at path. The scale of X is logarithmic.
func Lines(path string, labels Labels, series ...Series) error {
	p, legend := newPlot(labels.Title)
	p.X.Label.Text, p.Y.Label.Text = labels.X, labels.Y
	var at []float64
	for i, s := range series {
		if len(s.X) != len(s.Y) {
			return fmt.Errorf("chart: series %q has %d x and %d y", s.Name, len(s.X), len(s.Y))
		}
		at = append(at, s.X...)
		points := make(plotter.XYs, len(s.X))
		for j := range points {
			points[j].X, points[j].Y = s.X[j], s.Y[j]
		}
		line, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return fmt.Errorf("chart: series %q: %w", s.Name, err)
		}
		line.Color, dots.Color = Colors[i%len(Colors)], Colors[i%len(Colors)]
		line.Width, dots.Radius = 1.5, 3
		dots.Shape = []draw.GlyphDrawer{draw.CircleGlyph{}, draw.BoxGlyph{}, draw.TriangleGlyph{}, draw.RingGlyph{}}[i%4]
		p.Add(line, dots)
		legend.Add(s.Name, line, dots)
	}
	slices.Sort(at)
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, ticks(slices.Compact(at))
	p.Y.Min = 0
	return save(path, p, legend, len(series), height)
}

// ticks returns a mark with a number for each value.
func ticks(values []float64) plot.ConstantTicks {
	marks := make(plot.ConstantTicks, len(values))
	for i, v := range values {
		marks[i] = plot.Tick{Value: v, Label: strconv.FormatFloat(v, 'g', -1, 64)}
	}
	return marks
}

// Bars writes a chart of bars from left to right to the file at path: for each group, from the top down, a
// bar of each series. A series has one Y for each group.
func Bars(path string, labels Labels, groups []string, series ...Series) error {
	if len(groups) == 0 || len(series) == 0 {
		return errors.New("chart: nothing to draw")
	}
	p, legend := newPlot(labels.Title)
	p.X.Label.Text = labels.Y
	bar := 14 / max(1, vg.Length(len(series))*0.55)
	for i, s := range series {
		upward := slices.Clone(s.Y)
		slices.Reverse(upward)
		bars, err := plotter.NewBarChart(plotter.Values(upward), bar)
		if err != nil {
			return fmt.Errorf("chart: series %q: %w", s.Name, err)
		}
		bars.Horizontal = true
		bars.Color, bars.LineStyle.Width = Colors[i%len(Colors)], 0
		bars.Offset = -bar * (vg.Length(i) - vg.Length(len(series)-1)/2)
		p.Add(bars)
		legend.Add(s.Name, bars)
	}
	names := slices.Clone(groups)
	slices.Reverse(names)
	p.NominalY(names...)
	p.X.Min = 0
	group := bar*vg.Length(len(series)) + 9
	return save(path, p, legend, len(series), 75+group*vg.Length(len(groups)))
}

// round returns the marks that package plot would choose, with numbers as short as they can be.
func round(low, high float64) []plot.Tick {
	marks := plot.DefaultTicks{}.Ticks(low, high)
	for i, m := range marks {
		if m.Label != "" {
			marks[i].Label = strconv.FormatFloat(m.Value, 'g', 4, 64)
		}
	}
	return marks
}

// newPlot returns an empty chart, and the legend that goes below it.
func newPlot(title string) (*plot.Plot, plot.Legend) {
	sans := font.Font{Typeface: "Liberation", Variant: "Sans", Size: spacious}
	p := plot.New()
	p.BackgroundColor = nil
	p.Title.Text, p.Title.Padding = title, 8
	p.X.Label.Padding, p.Y.Label.Padding = 4, 4
	legend := plot.NewLegend()
	legend.Left, legend.Padding = true, 2
	for _, style := range []*draw.TextStyle{
		&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label, &legend.TextStyle,
	} {
		style.Font = sans
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.TickerFunc(round), plot.TickerFunc(round)
	return p, legend
}

// save draws p, and below it the legend if there are several series.
func save(path string, p *plot.Plot, legend plot.Legend, series int, height vg.Length) error {
	const margin = 8
	strip := vg.Length(0)
	if series > 1 {
		strip = vg.Length(series)*15 + margin
	}
	c := vgsvg.New(width, height+strip)
	all := draw.New(c)
	c.SetColor(color.White)
	c.Fill(all.Rectangle.Path())
	area := draw.Crop(all, margin, -margin, margin, -margin)
	if series > 1 {
		legend.Draw(area)
	}
	p.Draw(draw.Crop(area, 0, 0, strip, 0))
	var svg bytes.Buffer
	if _, err := c.WriteTo(&svg); err != nil {
		return fmt.Errorf("chart: %w", err)
	}
	text := strings.NewReplacer(
		fmt.Sprintf("font-size:%gpx", spacious), "font-size:11px",
		"font-family:Liberation Sans", "font-family:Liberation Sans,Arial,Helvetica,sans-serif").Replace(svg.String())
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		return fmt.Errorf("chart: %w", err)
	}
	return nil
}
