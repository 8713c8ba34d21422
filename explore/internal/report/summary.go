// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package report

import (
	"fmt"
	"strings"

	"github.com/osync-go/osync/explore/internal/engine"
)

// Summary describes in two lines how much was explored, and what that covers. It says "every interleaving" only if
// nothing was left out.
func Summary(r *engine.Result) string {
	var some []string
	if r.Redundant > 0 {
		some = append(some, number(r.Redundant)+" redundant")
	}
	if r.Cut > 0 {
		some = append(some, number(r.Cut)+" cut")
	}
	facts := []string{count(r.Executions, "execution")}
	if some != nil {
		facts[0] += " (" + strings.Join(some, ", ") + ")"
	}
	facts = append(facts, count(r.Threads, "thread"), count(r.Steps, "step"), "depth "+number(r.Depth))
	if s := r.Elapsed.Seconds(); s > 0 {
		facts = append(facts, fmt.Sprintf("%.2f s", s), number(int(float64(r.Executions)/s))+"/s")
	}
	text := r.Mode + ": " + strings.Join(facts, ", ") + "\n" + coverage(r)
	if r.Outside != "" {
		text += "\nbut a goroutine was seen blocked outside the explorer (" + r.Outside + "): what it waits for there is not explored. " +
			"Was its package not rewritten? See -with"
	}
	return text
}

// coverage describes what r proves about the executions that were not run.
func coverage(r *engine.Result) string {
	bounds := strings.Join(r.Bounds, " and ")
	switch {
	case r.Failure != nil:
		text := "stopped at a failure: " + r.Failure.Kind
		if r.Failure.Execution > 0 {
			text += " in execution " + number(r.Failure.Execution)
		}
		return text
	case r.Mode == "replay":
		return strings.TrimSuffix("one interleaving, replayed: "+bounds, ": ")
	case r.Mode != "exhaustive":
		return strings.TrimSuffix("a sample of the interleavings: "+strings.Join(r.Bounds, "; "), ": ")
	case !r.Complete:
		return strings.TrimSuffix("some interleavings: stopped early: "+bounds, ": ")
	case bounds != "":
		return "every interleaving with " + strings.TrimPrefix(bounds, "with ")
	case r.Cut > 0:
		return "every interleaving up to " + count(r.Depth, "step")
	}
	return "every interleaving"
}
