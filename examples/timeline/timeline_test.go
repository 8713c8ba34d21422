// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// ms are milliseconds.
func ms(n float64) time.Duration { return time.Duration(n * float64(time.Millisecond)) }

// recorded is what three workers have done with a lock for one: 1 overtakes 2, who waits long.
func recorded() *recording {
	return &recording{title: "a lock", config: config{workers: 3, duration: ms(10), work: ms(1)}, spans: []span{
		{worker: 0, want: 0, got: 0, done: ms(2)},
		{worker: 0, want: ms(2), got: ms(2), done: ms(4)}, // overtakes 1, who wanted it at 1
		{worker: 1, want: ms(1), got: ms(4.5), done: ms(6)},
		{worker: 2, want: ms(8), got: ms(8), done: ms(11)},
	}}
}

func TestSummary(t *testing.T) {
	s := summarize(recorded())
	if s.handOffs != 2 || s.overtakers != 1 || s.overtaken != 1 || s.longest.worker != 1 {
		t.Errorf("%d hand-offs, %d overtakers, %d overtaken, longest wait of %d, want 2, 1, 1, 1",
			s.handOffs, s.overtakers, s.overtaken, s.longest.worker)
	}
	if want := []time.Duration{ms(0.5)}; !slices.Equal(s.idle, want) {
		t.Errorf("idle for %v, want %v: nobody waited before 2", s.idle, want)
	}
	if s.heldAtAll != ms(8.5) || s.heldLongest != ms(3) {
		t.Errorf("held for %v, by one for %v, want 8.5ms and 3ms", s.heldAtAll, s.heldLongest)
	}
	var out bytes.Buffer
	s.print(&out)
	t.Log(out.String())
	for _, want := range []string{
		"a lock: 3 goroutines for 10ms", "goroutine 1         2    50 %       0.0 µs       0.0 µs", "3.50 ms (goroutine 2)",
		"median 500.0 µs", "held for 77 %", "lost its processor",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the summary lacks %q", want)
		}
	}
	summarize(&recording{config: config{workers: 1, duration: 1}}).print(io.Discard)
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		name   string
		shared int
		change func(r *recording)
		want   string // in the error; "" for none
	}{
		{"all is well", 0, func(*recording) {}, ""},
		{"two have it", 0, func(r *recording) { r.spans[1].done = ms(5) }, "goroutine 2 got it at 4.5ms, and goroutine 1 had it until 5ms"},
		{"the clocks differ a little", 0, func(r *recording) { r.spans[1].done = ms(4.5) + skew }, ""},
		{"the counts differ", 0, func(r *recording) { r.broken = 3 }, "3 times"},
		{"readers", unlimited, func(r *recording) {
			r.spans[0].shared, r.spans[1].shared, r.spans[2].shared = true, true, true
			r.spans[0].done, r.spans[1].done = ms(7), ms(7)
		}, ""},
		{"a reader with a writer", unlimited, func(r *recording) {
			r.spans[1].shared, r.spans[1].done = true, ms(5)
		}, "goroutine 2 got it at 4.5ms"},
		{"a unit too many", 2, func(r *recording) {
			for i := range r.spans {
				r.spans[i].shared, r.spans[i].done = true, ms(20)
			}
		}, "3 had it at 4.5ms, and at most 2 may"},
	} {
		r := recorded()
		r.shared = tt.shared
		tt.change(r)
		err := r.check()
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: %v, want an error with %q", tt.name, err, tt.want)
		}
	}
}

// TestNoLock lets two have what is no lock. They work for longer than a goroutine may keep its
// processor, so that they meet also where there is only one.
func TestNoLock(t *testing.T) {
	nothing := func(bool) {}
	c := config{workers: 2, duration: time.Second, work: 50 * time.Millisecond}
	r, err := record(contended{acquire: nothing, release: nothing, writes: 100}, "nothing", c)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.check(); err == nil || r.broken == 0 {
		t.Errorf("check = %v, and %d were counted inside with others", err, r.broken)
	}
	r.broken = 0
	if r.check() == nil {
		t.Error("the times do not tell that two were inside")
	}
}

// TestKinds contends for each lock, as goroutines and as threads, and draws it.
func TestKinds(t *testing.T) {
	for _, k := range kinds {
		for _, threads := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/threads=%v", k.name, threads), func(t *testing.T) {
				dir := t.TempDir()
				c := config{
					lock: k.name, workers: 3, threads: threads, duration: ms(2), work: ms(0.01), writes: 30, units: 2,
					svg: filepath.Join(dir, "svg"), trace: filepath.Join(dir, "json"),
				}
				var out bytes.Buffer
				err := run(&out, c)
				if errors.Is(err, errors.ErrUnsupported) {
					t.Skip(err)
				}
				if err != nil || !strings.Contains(out.String(), k.title) {
					t.Errorf("%v\n%s", err, &out)
				}
				for _, path := range []string{c.svg, c.trace} {
					if info, err := os.Stat(path); err != nil || info.Size() == 0 {
						t.Errorf("%s was not written: %v", path, err)
					}
				}
			})
		}
	}
}

func TestArguments(t *testing.T) {
	good := config{lock: "mutex", workers: 1, duration: 1, units: 1}
	if err := run(io.Discard, good); err != nil {
		t.Errorf("%+v: %v", good, err)
	}
	for name, change := range map[string]func(c *config){
		"unknown lock": func(c *config) { c.lock = "no" }, "nobody": func(c *config) { c.workers = 0 },
		"no time": func(c *config) { c.duration = 0 }, "too many writes": func(c *config) { c.writes = 101 },
		"no folder": func(c *config) { c.svg = filepath.Join(t.TempDir(), "no", "svg") },
	} {
		bad := good
		change(&bad)
		if run(io.Discard, bad) == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestTrace reads a trace back, as a viewer does.
func TestTrace(t *testing.T) {
	r := recorded()
	var out bytes.Buffer
	if err := writeTrace(&out, r); err != nil {
		t.Fatal(err)
	}
	var trace struct {
		Unit   string `json:"displayTimeUnit"`
		Events []struct {
			Name, Cat, Ph, Bp string
			Time              *float64 `json:"ts"`
			Dur               *float64
			Pid, Tid, ID      int
			Args              map[string]any
		} `json:"traceEvents"`
	}
	decoder := json.NewDecoder(&out)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&trace); err != nil {
		t.Fatal(err)
	}
	names, until, waits, count := map[int]any{}, map[int]float64{}, 0.0, 0.0
	var shown, arrows []string
	for _, e := range trace.Events {
		if e.Time == nil || e.Pid != 1 {
			t.Errorf("no time or process: %+v", e)
			continue
		}
		switch e.Ph {
		case "M":
			if e.Name == "thread_name" {
				names[e.Tid] = e.Args["name"]
			}
		case "X":
			if e.Dur == nil || *e.Time < until[e.Tid] {
				t.Errorf("it has no length, or begins in the one before: %+v", e)
				continue
			}
			until[e.Tid] = *e.Time + *e.Dur
			shown = append(shown, fmt.Sprintf("%v %s %v+%v", names[e.Tid], e.Name, *e.Time, *e.Dur))
			if e.Name == "waits" {
				waits += *e.Dur
			}
		case "s", "f":
			arrows = append(arrows, fmt.Sprintf("%s%s %v %v %d", e.Ph, e.Bp, *e.Time, names[e.Tid], e.ID))
		case "C":
			if count = e.Args["workers"].(float64); count < 0 || count > 3 {
				t.Errorf("%v wait at %v", count, *e.Time)
			}
		default:
			t.Errorf("an event of an unknown kind: %+v", e)
		}
	}
	if len(shown) != 2*len(r.spans) || shown[4] != "goroutine 2 waits 1000+3500" || shown[5] != "goroutine 2 holds 4500+1500" || waits != 3500 {
		t.Errorf("the slices are %q", shown)
	}
	if want := "s 3000 goroutine 1 2, fe 4500 goroutine 2 2"; strings.Join(arrows, ", ") != want {
		t.Errorf("the arrows are %q, want %s: nobody waited for the other releases", arrows, want)
	}
	if count != 0 {
		t.Errorf("%v wait at the end, want 0", count)
	}
}

func TestSVG(t *testing.T) {
	for _, tt := range []struct {
		shared int
		change func(*recording)
		want   []string
	}{
		{0, func(*recording) {}, []string{"holder", "holds it alone", "time in ms", "goroutine 1: 2×", "goroutine 3: 1×", "Longest wait 3.50 ms"}},
		{unlimited, func(r *recording) { r.spans[3].shared = true }, []string{"shares it with others", "holds it alone"}},
		{2, func(r *recording) { r.config.threads = true }, []string{"shares it with others", "thread 2: 1×", "3 pinned threads"}},
	} {
		r := recorded()
		r.shared = tt.shared
		tt.change(r)
		var out bytes.Buffer
		if err := drawSVG(&out, r, summarize(r)); err != nil {
			t.Fatal(err)
		}
		picture := out.String()
		decoder := xml.NewDecoder(&out)
		paths := 0
		var words []string
		for {
			token, err := decoder.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			switch token := token.(type) {
			case xml.StartElement:
				if token.Name.Local == "path" {
					paths++
				}
			case xml.CharData:
				words = append(words, string(token))
			}
		}
		for _, want := range tt.want {
			if !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(w, want) }) {
				t.Errorf("the picture lacks %q in %q", want, words)
			}
		}
		for i, rgb := range []string{"#0072B2", "#E69F00", "#009E73"} {
			if !strings.Contains(picture, rgb) {
				t.Errorf("the picture lacks the color %s of worker %d", rgb, i+1)
			}
		}
		if paths < 8 {
			t.Errorf("%d shapes, want the bars of 4 holds and of 4 waits at least", paths)
		}
	}
}

func TestDrawing(t *testing.T) {
	d := recorded().drawing(float64(time.Millisecond))
	for _, want := range []bar{
		{2, 0, 4, holdHeight, palette[0]}, // the first worker, on top: two holds that touch
		{1, 1, 4.5, waitHeight, waitColor},
		{1, 4.5, 6, holdHeight, palette[1]},
		{3, 4.5, 6, holdHeight, palette[1]}, // the lock
		{0, 8, 11, holdHeight, palette[2]},
	} {
		if !slices.Contains(d.bars, want) {
			t.Errorf("the drawing lacks %v", want)
		}
	}
}

func TestMerge(t *testing.T) {
	at := func(row int, from, to float64) bar { return bar{row, from, to, 1, waitColor} }
	got := merge([]bar{at(0, 0, 1), at(1, 1, 2), at(0, 1.05, 2), at(0, 2.2, 3), at(1, 2, 5), at(1, 3, 4)}, 0.1)
	want := []bar{at(0, 0, 2), at(1, 1, 5), at(0, 2.2, 3)}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
