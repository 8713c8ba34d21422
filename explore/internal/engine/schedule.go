// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import (
	"fmt"
	"strconv"
	"strings"
)

// A Schedule is the list of the scheduler's choices in an execution, as runs of steps of one thread. Its text is a list
// such as "0:3,1:2,=1,0:4": three steps of thread 0, two of thread 1, the number 1, four steps of thread 0.
type Schedule []Run

// A Run is a number of consecutive steps of one thread, or a number that Choose returned.
type Run struct {
	Thread int // -1 for a number
	Steps  int // or the number
}

func runs(decisions []decision) (s Schedule) {
	for _, d := range decisions {
		v := int(d.value)
		switch last := len(s) - 1; {
		case d.number:
			s = append(s, Run{-1, v})
		case last >= 0 && s[last].Thread == v:
			s[last].Steps++
		default:
			s = append(s, Run{v, 1})
		}
	}
	return s
}

// String returns the text of s.
func (s Schedule) String() string {
	parts := make([]string, len(s))
	for i, r := range s {
		if parts[i] = fmt.Sprintf("%d:%d", r.Thread, r.Steps); r.Thread < 0 {
			parts[i] = fmt.Sprintf("=%d", r.Steps)
		}
	}
	return strings.Join(parts, ",")
}

// ParseSchedule reads the text of a Schedule.
func ParseSchedule(text string) (Schedule, error) {
	var s Schedule
	for part := range strings.SplitSeq(text, ",") {
		r := Run{Thread: -1}
		thread, steps, found := strings.Cut(part, ":")
		var err error
		if found {
			r.Thread, err = strconv.Atoi(thread)
		} else {
			steps, found = strings.CutPrefix(part, "=")
		}
		if err == nil {
			r.Steps, err = strconv.Atoi(steps)
		}
		if !found || err != nil || r.Steps < 0 || thread != "" && strings.Contains(part, ":") && (r.Thread < 0 || r.Thread >= MaxThreads) {
			return nil, fmt.Errorf("invalid schedule %q: want runs such as 0:3 (steps of a goroutine) and =1 (numbers), separated by commas", text)
		}
		s = append(s, r)
	}
	return s, nil
}

// follow is a strategy that runs one execution according to a schedule. Where the schedule does not fit, it avoids a
// preemption.
type follow struct {
	sampling
	schedule Schedule
	at, done int
	misfit   bool
}

func (f *follow) begin(x *execution) {
	f.sampling.begin(x)
	f.at, f.done, f.misfit = 0, 0, false
}

func (f *follow) end() bool { return false }

func (f *follow) thread(enabled set) int {
	for f.at < len(f.schedule) {
		r := f.schedule[f.at]
		if r.Thread < 0 {
			f.misfit = true
			f.at++
			continue
		}
		if f.done < r.Steps && enabled.has(r.Thread) {
			if f.done++; f.done == r.Steps {
				f.at, f.done = f.at+1, 0
			}
			return r.Thread
		}
		f.misfit = true
		f.at, f.done = f.at+1, 0
	}
	return f.x.goOn(enabled)
}

func (f *follow) number(n int) int {
	if f.at < len(f.schedule) && f.schedule[f.at].Thread < 0 {
		v := f.schedule[f.at].Steps
		f.at++
		if v < n {
			return v
		}
	} else if f.at < len(f.schedule) {
		f.misfit = true
	}
	return 0
}
