// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Vars returns a variable for package expvar, which has the result of [Figures] at the time when it is read:
//
//	expvar.Publish("osync", watch.Vars())
//
// It is a JSON array of objects, one for each name, with times in seconds:
//
//	{"name": "cache", "type": "locks.Mutex", "waits": 3, "gave_up": 1, "total_seconds": 0.25, "longest_seconds": 0.24,
//	"waiting": 1, "oldest_seconds": 0.01, "buckets": [{"up_to_seconds": 0.01, "waits": 2}, {"up_to_seconds": 0.5, "waits": 1}]}
//
// Buckets without waits are left out, and the last one, of the waits longer than 100 seconds, has no bound.
//
// Package watch does not import expvar, which adds a page to http.DefaultServeMux.
func Vars() fmt.Stringer { return vars{} }

type vars struct{}

// String returns the figures as JSON.
func (vars) String() string {
	type bucket struct {
		UpTo  float64 `json:"up_to_seconds,omitempty"`
		Waits uint64  `json:"waits"`
	}
	type figure struct {
		Name    string   `json:"name"`
		Type    string   `json:"type"`
		Waits   uint64   `json:"waits"`
		GaveUp  uint64   `json:"gave_up"`
		Total   float64  `json:"total_seconds"`
		Longest float64  `json:"longest_seconds"`
		Waiting int      `json:"waiting"`
		Oldest  float64  `json:"oldest_seconds"`
		Buckets []bucket `json:"buckets"`
	}
	figures := []figure{}
	for _, f := range Figures() {
		buckets := []bucket{}
		for i, b := range f.Buckets {
			if b.Waits == 0 {
				continue
			}
			upTo := 0.0
			if i < len(bounds) {
				upTo = b.UpTo.Seconds()
			}
			buckets = append(buckets, bucket{upTo, b.Waits})
		}
		figures = append(figures, figure{
			f.Name, f.Type, f.Waits, f.GaveUp, f.Total.Seconds(), f.Longest.Seconds(), f.Waiting, f.Oldest.Seconds(), buckets,
		})
	}
	text, err := json.Marshal(figures)
	if err != nil {
		panic(err) // cannot happen
	}
	return string(text)
}

// metricsType is the Content-Type of writeMetrics.
const metricsType = "text/plain; version=0.0.4; charset=utf-8"

// writeMetrics writes the figures in the text format of Prometheus.
func writeMetrics(w io.Writer) error {
	figures := Figures()
	var b strings.Builder
	family := func(name, typ, help string, write func(f *Figure, labels string)) {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %[1]s %[3]s\n", name, help, typ)
		for i := range figures {
			f := &figures[i]
			write(f, `lock="`+labelEscapes.Replace(f.Name)+`",type="`+labelEscapes.Replace(f.Type)+`"`)
		}
	}
	value := func(name, labels string, value any) { fmt.Fprintf(&b, "%s{%s} %v\n", name, labels, value) }

	const histogram = "osync_wait_seconds"
	family(histogram, "histogram", "How long the waits for the locks of this name took that have ended.", func(f *Figure, labels string) {
		sum := uint64(0)
		for i, bucket := range f.Buckets {
			sum += bucket.Waits
			bound := "+Inf"
			if i < len(bounds) {
				bound = strconv.FormatFloat(bucket.UpTo.Seconds(), 'g', -1, 64)
			}
			value(histogram+"_bucket", labels+`,le="`+bound+`"`, sum)
		}
		value(histogram+"_sum", labels, f.Total.Seconds())
		value(histogram+"_count", labels, sum)
	})
	for _, m := range []struct {
		name, typ, help string
		value           func(f *Figure) any
	}{
		{"osync_waits_given_up_total", "counter", "How many waits ended because their limit was reached.", func(f *Figure) any { return f.GaveUp }},
		{"osync_longest_wait_seconds", "gauge", "How long the longest wait took that has ended.", func(f *Figure) any { return f.Longest.Seconds() }},
		{"osync_waiters", "gauge", "How many waits last.", func(f *Figure) any { return f.Waiting }},
		{"osync_oldest_wait_seconds", "gauge", "How long the oldest wait that lasts has taken so far.", func(f *Figure) any { return f.Oldest.Seconds() }},
	} {
		family(m.name, m.typ, m.help, func(f *Figure, labels string) { value(m.name, labels, m.value(f)) })
	}
	_, err := io.WriteString(w, b.String())
	return err
}

var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)
