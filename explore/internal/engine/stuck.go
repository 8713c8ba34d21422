// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

// The first look is early, and the interval doubles each time, so that short explorations are checked, too.
const (
	firstLook  = 10 * time.Millisecond
	stuckLook  = 500 * time.Millisecond
	stuckLooks = 2  // a goroutine that is blocked at this many looks, in the same step, stuckLook apart, is stuck
	busyLooks  = 60 // and so is one that runs at this many
)

// watch starts a goroutine that detects when the explored code blocks outside the explorer: on a real channel, in a
// sleep, on a lock of a package that was not rewritten. If it sees a block that later ends, it records that in the
// result. The function that watch returns stops the goroutine.
func (x *execution) watch() func() {
	if x.options.Stuck == nil {
		return func() {}
	}
	done := make(chan struct{})
	go func() {
		last, blocked, busy := uint64(0), 0, 0
		for pause := firstLook; ; pause = min(2*pause, stuckLook) {
			select {
			case <-done:
				return
			case <-time.After(pause):
			}
			t, now := current.Load(), x.progress.Load()
			if t == nil {
				continue
			}
			stack, state := stackOf(t.worker.goid.Load())
			x.noteBlock(stack, state)
			if now != last {
				last, blocked, busy = now, 0, 0
				continue
			}
			if state == "" || pause < stuckLook {
				continue
			}
			if strings.HasPrefix(state, "run") || strings.HasPrefix(state, "coroutine") {
				blocked = 0
				busy++
			} else {
				blocked++
			}
			switch {
			case blocked >= stuckLooks:
				x.options.Stuck(fmt.Sprintf("%s is blocked outside the explorer (%s). %s:\n\n%s", t.Name(), state, advice(state), stack))
			case busy >= busyLooks:
				x.options.Stuck(fmt.Sprintf("%s has run for half a minute without a step that the explorer sees. It may be in an endless loop:\n\n%s", t.Name(), stack))
			}
		}
	}()
	return func() { close(done) }
}

// advice returns why a goroutine in this state is blocked, and what to do.
func advice(state string) string {
	if state == "IO wait" || state == "syscall" {
		return "It waits for the operating system, which the explorer does not control: remove input and output from the test, " +
			"or replace the function that waits, in the folder testdata/explore of its package"
	}
	return "It waits for something that the explorer does not see, because the package that waits was not rewritten; " +
		"name that package on the command line, or with -with"
}

// stackOf returns the stack of a goroutine, and its state, such as "chan receive".
func stackOf(id uint64) (stack, state string) {
	buf := make([]byte, 1<<20)
	dump := string(buf[:runtime.Stack(buf, true)])
	head := fmt.Sprintf("goroutine %d [", id)
	for part := range strings.SplitSeq(dump, "\n\n") {
		if rest, ok := strings.CutPrefix(part, head); ok {
			state, _, _ = strings.Cut(rest, "]")
			state, _, _ = strings.Cut(state, ",")
			return part, state
		}
	}
	return "", ""
}

// noteBlock records where a goroutine is blocked, if the explorer itself never leaves a goroutine in this state. It
// ignores locks, since another test can hold the one of t.
func (x *execution) noteBlock(stack, state string) {
	switch state {
	case "sleep", "chan receive", "chan send", "select":
	default:
		return
	}
	// After the first line, each frame has two lines: the function with its arguments, and the file.
	lines := strings.Split(stack, "\n")
	i := 1
	for i+3 < len(lines) && (strings.HasPrefix(lines[i], "time.") || strings.HasPrefix(lines[i], "runtime.")) {
		i += 2
	}
	at, _, _ := strings.Cut(strings.TrimSpace(lines[min(i+1, len(lines)-1)]), " ")
	where := state + " at " + at
	x.outside.CompareAndSwap(nil, &where)
}
