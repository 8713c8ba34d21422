// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

// A Failure is an execution that went wrong.
type Failure struct {
	Kind     string // "assertion", "panic", "deadlock", "livelock", "data race", "left over", ...
	Message  string // one or more lines
	Schedule string // replays the execution
	// Execution is the number of executions up to the one that failed first, that one among them; 0 for
	// none to tell, as in a replay.
	Execution int
	Trace     []TraceStep
	Threads   []TraceThread // by number

	noted bool // by the test itself, as t.Error does
}

// A TraceThread is a thread as a trace shows it.
type TraceThread struct {
	Name   string   // "main", "goroutine 1", "timer 3"
	Go     string   // file:line of the statement that started it; "" for main
	Status string   // at the end: "ended", "waits in Mutex.Lock of word 1", "can go on with Load of word 2"
	Where  string   // file:line where it stands, if it has not ended
	Stack  []string // of the end, as that of a TraceStep, the function at Where first
}

// A TraceStep is a step of a failed execution.
type TraceStep struct {
	Thread int    // its number; main is 0
	Op     string // "Load", "CompareAndSwap", "Mutex.Lock"
	Failed bool   // a compare-and-swap that has not swapped
	Object string // "word 1", as there is no better name; "" for none
	Word   Word
	Before uint64 // of the word, if there is one
	After  uint64
	Note   string // "woke goroutine 2", "chose 1 of 0 to 1"
	File   string // full path
	Line   int
	Func   string
	// Waiting are the threads that cannot take their next steps after this one, by number: they are asleep,
	// or wait for a lock. A thread that is in the list of one step and not in that of the next was woken by the next.
	Waiting []int
	// Killed are the threads that the step has killed, by number.
	Killed []int
	Stack  []string // the callers, innermost first, "func file:line", without the explorer's own
}

// A Result says what was explored.
type Result struct {
	Mode       string // "exhaustive", "PCT", "random", "replay"
	Executions int    // all of them
	Redundant  int    // of which the rest was known from others
	Cut        int    // of which were cut off by the step bound
	Steps      int    // in all executions
	Threads    int    // at most, timers among them
	Depth      int    // steps of the longest execution
	Elapsed    time.Duration
	Complete   bool     // every interleaving within the bounds was explored
	Bounds     []string // the bounds that left something out, in words
	Failure    *Failure // the first, made short; nil if there is none

	// Outside is "", or the state in which a goroutine was seen blocked where the engine sees nothing, and where that was:
	// "sleep at /src/other/wait.go:7". There may be more that was not seen.
	Outside string
}

// callers notes the stack of the caller, without the explorer's own frames.
func callers(pcs []uintptr) int { return runtime.Callers(3, pcs) }

const module = "github.com/osync-go/osync/explore"

// own reports whether a function is part of the explorer.
func own(function string) bool {
	rest, ok := strings.CutPrefix(function, module)
	return ok && (rest[0] == '/' || rest[0] == '.') && !strings.HasPrefix(rest, "/internal/engine_test.") && !strings.Contains(rest, "_test.")
}

// frames returns the frames of a stack that are not the explorer's.
func frames(pcs []uintptr) (user []runtime.Frame) {
	if len(pcs) == 0 {
		return nil
	}
	for all := runtime.CallersFrames(pcs); ; {
		f, more := all.Next()
		if !own(f.Function) && f.Function != "" && !strings.HasPrefix(f.Function, "runtime.") && !strings.HasPrefix(f.Function, "iter.") {
			user = append(user, f)
		}
		if !more {
			return user
		}
	}
}

func where(pcs []uintptr) string {
	if user := frames(pcs); len(user) > 0 {
		return fmt.Sprintf("%s:%d", user[0].File, user[0].Line)
	}
	return ""
}

// add adds a step of t to the trace.
func (x *execution) add(t *Thread, s TraceStep, pcs []uintptr) {
	user := frames(pcs)
	if t.timer != nil {
		user = frames(t.startPC[:t.startLen])
	}
	if len(user) > 0 {
		s.File, s.Line, s.Func = user[0].File, user[0].Line, user[0].Function
	}
	s.Stack = stackText(user)
	s.Thread = t.id
	x.trace = append(x.trace, s)
}

func stackText(user []runtime.Frame) (lines []string) {
	for _, f := range user {
		lines = append(lines, fmt.Sprintf("%s %s:%d", f.Function, f.File, f.Line))
	}
	return lines
}

// traceStep notes the step that t takes now.
func (x *execution) traceStep(t *Thread, kind Access) {
	if !x.tracing || t.release && t.releases > 2 {
		return // a livelock is not shown to its end
	}
	op := &t.op
	s := TraceStep{Op: op.Name, Object: x.objectName(t.obj), Word: op.Word, Before: op.Word.at(op.Addr), Failed: op.Access != Read && kind == Read && !op.Same || len(op.Then) > 0 && !op.matches()}
	x.add(t, s, t.wherePC[:t.whereLen])
	x.open = *op
	x.isOpen = true
}

// settleTrace notes the value of the word after the newest step.
func (x *execution) settleTrace() {
	if x.isOpen {
		s := &x.trace[x.openAt()]
		s.After = x.open.Word.at(x.open.Addr)
		x.open, x.isOpen = Op{}, false
	}
	if n := len(x.trace) - 1; x.tracing && n >= 0 && x.trace[n].Waiting == nil {
		x.trace[n].Waiting = x.waiting()
	}
}

// waiting returns the threads that cannot take their next steps.
func (x *execution) waiting() []int {
	ids := []int{}
	for _, t := range x.threads {
		if t.status == pending && t.timer == nil && t.op.waits() {
			ids = append(ids, t.id)
		}
	}
	return ids
}

// openAt returns the index of the newest step that uses an object.
func (x *execution) openAt() int {
	for i := len(x.trace) - 1; ; i-- {
		if x.trace[i].Object != "" {
			return i
		}
	}
}

// traceLocal notes something that t does without an object.
func (x *execution) traceLocal(t *Thread, op, note string) {
	var pcs [24]uintptr
	x.add(t, TraceStep{Op: op, Note: note}, pcs[:callers(pcs[:])])
}

// traceLocalStep notes a step of t that uses no object.
func (x *execution) traceLocalStep(t *Thread) {
	if x.tracing {
		x.add(t, TraceStep{Op: t.op.Name, Note: "goes on"}, t.wherePC[:t.whereLen])
	}
}

// note adds a note to the newest step of t.
func (x *execution) note(t *Thread, text string) {
	if !x.tracing {
		return
	}
	for i := len(x.trace) - 1; i >= 0; i-- {
		if s := &x.trace[i]; s.Thread == t.id {
			if s.Note != "" {
				s.Note += ", "
			}
			s.Note += text
			return
		}
	}
}

// noteKill notes that the newest step of t has killed other.
func (x *execution) noteKill(t, other *Thread) {
	x.note(t, "killed "+other.Name())
	for i := len(x.trace) - 1; i >= 0; i-- {
		if s := &x.trace[i]; s.Thread == t.id {
			s.Killed = append(s.Killed, other.id)
			return
		}
	}
}

// objectName returns a name for o.
func (x *execution) objectName(o *object) string {
	switch {
	case o == nil:
		return ""
	case o.process != nil:
		return "process " + itoa(o.process.number)
	}
	return "word " + itoa(o.id+1)
}

// opText returns the name of the step that t is about to take, and of its object.
func (x *execution) opText(t *Thread) string {
	if t.obj == nil {
		return t.op.Name
	}
	return t.op.Name + " of " + x.objectName(t.obj)
}

// noteThreads notes what each thread does at the end.
func (x *execution) noteThreads() {
	f := x.failure
	if f == nil || f.Threads != nil {
		return
	}
	for _, t := range x.threads {
		s := TraceThread{Name: t.Name(), Go: where(t.startPC[:t.startLen])}
		switch {
		case t.status == ended:
			s.Status = "ended"
		case t.status == killed:
			s.Status = "was killed before " + x.opText(t)
		case t.status == running:
			s.Status = "runs"
		case t.op.waits():
			s.Status = "waits in " + x.opText(t)
		case t.spinning():
			s.Status = "spins in " + x.opText(t)
		default:
			s.Status = "can go on with " + x.opText(t)
		}
		if (t.status == pending || t.status == killed) && t.timer == nil {
			s.Where = where(t.wherePC[:t.whereLen])
			s.Stack = stackText(frames(t.wherePC[:t.whereLen]))
		}
		f.Threads = append(f.Threads, s)
	}
}

// userStack takes the frames of the explorer out of a stack dump.
func userStack(dump string) string {
	lines := strings.Split(dump, "\n")
	var kept []string
	for i := 1; i+1 < len(lines); i += 2 {
		f := lines[i]
		if strings.HasPrefix(f, "panic(") {
			kept = kept[:0] // above are the frames of the recovery
			continue
		}
		if !own(f) && !strings.HasPrefix(f, "iter.") && !strings.HasPrefix(f, "runtime") && !strings.HasPrefix(f, "created by") {
			kept = append(kept, f, lines[i+1])
		}
	}
	return strings.Join(kept, "\n")
}
