// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package chart draws what the measuring examples have measured, as SVG.
package chart

import (
	"errors"
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
)

const (
	width  = 8 * vg.Inch
	height = 5 * vg.Inch
)

// A Series is one named row of values: a line, or bars of one color.
type Series struct {
	Name string
	X    []float64 // of a line; bars have the names of their groups instead
	Y    []float64
}

// Labels are the words around a chart.
type Labels struct{ Title, X, Y string }

// Lines writes a chart of lines with points to the file at path.
func Lines(path string, labels Labels, series ...Series) error {
	p := newPlot(labels)
	for i, s := range series {
		if len(s.X) != len(s.Y) {
			return fmt.Errorf("chart: series %q has %d x and %d y", s.Name, len(s.X), len(s.Y))
		}
		points := make(plotter.XYs, len(s.X))
		for j := range points {
			points[j].X, points[j].Y = s.X[j], s.Y[j]
		}
		line, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return fmt.Errorf("chart: series %q: %w", s.Name, err)
		}
		line.Color, dots.Color = plotutil.Color(i), plotutil.Color(i)
		p.Add(line, dots)
		p.Legend.Add(s.Name, line, dots)
	}
	return p.Save(width, height, path)
}

// Bars writes a chart of bars to the file at path: for each group a bar of each series, next to
// each other. A series has one Y for each group.
func Bars(path string, labels Labels, groups []string, series ...Series) error {
	if len(groups) == 0 || len(series) == 0 {
		return errors.New("chart: nothing to draw")
	}
	p := newPlot(labels)
	p.Add(plotter.NewGrid())
	bar := width * 0.7 / vg.Length(len(groups)*len(series))
	for i, s := range series {
		bars, err := plotter.NewBarChart(plotter.Values(s.Y), bar)
		if err != nil {
			return fmt.Errorf("chart: series %q: %w", s.Name, err)
		}
		bars.Color, bars.LineStyle.Width = plotutil.Color(i), 0
		bars.Offset = bar * (vg.Length(i) - vg.Length(len(series)-1)/2)
		p.Add(bars)
		p.Legend.Add(s.Name, bars)
	}
	p.NominalX(groups...)
	return p.Save(width, height, path)
}

func newPlot(labels Labels) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = labels.Title, labels.X, labels.Y
	p.Y.Min = 0
	p.Legend.Top = true
	return p
}
