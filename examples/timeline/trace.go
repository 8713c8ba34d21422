// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"
	"time"
)

// A traceEvent is an element of a Chrome trace, as its "Trace Event Format" calls them.
type traceEvent struct {
	Name  string         `json:"name"`
	Cat   string         `json:"cat,omitempty"`
	Phase string         `json:"ph"`
	Time  float64        `json:"ts"` // µs
	Dur   *float64       `json:"dur,omitempty"`
	Pid   int            `json:"pid"`
	Tid   int            `json:"tid"`
	ID    int            `json:"id,omitempty"`
	Bind  string         `json:"bp,omitempty"`
	Args  map[string]any `json:"args,omitempty"`
}

// A chromeTrace is the file.
type chromeTrace struct {
	Unit   string       `json:"displayTimeUnit"`
	Events []traceEvent `json:"traceEvents"`
}

// writeTrace writes r as a Chrome trace: a track for each worker, with its waits and holds,
// an arrow from each release to the waiter that got the lock, and the number of waiters.
func writeTrace(w io.Writer, r *recording) error {
	events := []traceEvent{meta("process_name", 0, map[string]any{"name": r.title})}
	for i := range r.config.workers {
		events = append(events,
			meta("thread_name", i+1, map[string]any{"name": r.worker(i)}),
			meta("thread_sort_index", i+1, map[string]any{"sort_index": i}))
	}
	for i, s := range r.spans {
		name := "holds"
		if s.shared {
			name = "shares"
		}
		tid := s.worker + 1
		events = append(events,
			traceEvent{Name: "waits", Cat: "wait", Phase: "X", Time: µs(s.want), Dur: new(µs(s.got - s.want)), Pid: 1, Tid: tid},
			traceEvent{Name: name, Cat: "hold", Phase: "X", Time: µs(s.got), Dur: new(µs(s.done - s.got)), Pid: 1, Tid: tid, Args: map[string]any{"number": i + 1}})
		if i > 0 {
			if before := r.spans[i-1]; before.worker != s.worker && s.want < before.done && before.done <= s.got {
				events = append(events, // an arrow begins and ends inside slices
					traceEvent{Name: "hand-over", Cat: "hand-over", Phase: "s", Time: µs(before.got + (before.done-before.got)/2), Pid: 1, Tid: before.worker + 1, ID: i},
					traceEvent{Name: "hand-over", Cat: "hand-over", Phase: "f", Bind: "e", Time: µs(s.got), Pid: 1, Tid: tid, ID: i})
			}
		}
	}
	return json.NewEncoder(w).Encode(chromeTrace{"ns", append(events, waiting(r)...)})
}

// waiting returns the track that counts the waiters.
func waiting(r *recording) []traceEvent {
	type step struct {
		at time.Duration
		by int
	}
	var steps []step
	for _, s := range r.spans {
		steps = append(steps, step{s.want, 1}, step{s.got, -1})
	}
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	var events []traceEvent
	n := 0
	for _, s := range steps {
		n += s.by
		events = append(events, traceEvent{Name: "waiting", Phase: "C", Time: µs(s.at), Pid: 1, Args: map[string]any{"workers": n}})
	}
	return events
}

func meta(name string, tid int, args map[string]any) traceEvent {
	return traceEvent{Name: name, Phase: "M", Pid: 1, Tid: tid, Args: args}
}

// µs is the unit of a Chrome trace.
func µs(d time.Duration) float64 { return float64(d) / 1000 }
