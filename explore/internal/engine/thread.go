// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import "unsafe"

// A Thread is an explored goroutine, or a timer.
type Thread struct{}

// Self returns the explored goroutine that calls, or nil if the caller is not one. The replacements of
// package sync and the others do the real thing then.
func Self() *Thread { return nil }

// Step takes a step: it returns when the scheduler has chosen t and op.Ready, if there is one, is true.
// What the caller does from there to its next step is done in one step with op.
func (t *Thread) Step(op *Op) {}

// StepCompare takes the step of a compare-and-swap, for which op.Compare is set, and reports whether
// the word is op.Old. The caller swaps if so.
func (t *Thread) StepCompare(op *Op) bool { return false }

// Sleep blocks t until another thread has called Wake for it, or has done so already. A Wake serves
// one Sleep. what and addr stand in reports. It is a step that uses no object.
func (t *Thread) Sleep(what string, addr unsafe.Pointer) {}

// Wake lets the Sleep of other return. It belongs to the current step of t, and is none itself.
func (t *Thread) Wake(other *Thread) {}

// Go starts a goroutine. It is a step.
func (t *Thread) Go(f func()) *Thread { return nil }

// Yield lets the others go first, as a spin loop does.
func (t *Thread) Yield(name string) {}

// Choose returns a number from 0 up to n-1. The engine explores each.
func (t *Thread) Choose(name string, n int) int { return 0 }

// Fail ends the execution and reports message as the reason. It does not return.
func (t *Thread) Fail(message string) {}

// Plain notes a plain access, to find data races. It is not a step.
func (t *Thread) Plain(p unsafe.Pointer, size uintptr, write bool) {}

// State returns what the engine keeps for the object at addr in this execution. It calls make for it
// first. It is not a step.
func (t *Thread) State(addr unsafe.Pointer, make func() any) any { return nil }

// Keep lets the engine put the value of size bytes at p back when the execution is over. Step does so for
// the word of a step that writes.
func (t *Thread) Keep(p unsafe.Pointer, size uintptr) {}

// Now returns the time of the execution, in nanoseconds. It is a step that reads the clock. Time stands
// still but when a timer fires, and when the engine lets it jump.
func (t *Thread) Now(name string) int64 { return 0 }

// A Timer fires at any time, if at all.
type Timer struct{}

// StartTimer starts a timer. It fires at a moment that the scheduler chooses, in a step of its own that
// writes the object at addr: the clock is at least when then, and the engine calls fire with the timer's
// thread. fire must not take a step; it may call Wake. StartTimer belongs to the current step of t.
func (t *Thread) StartTimer(name string, when int64, addr unsafe.Pointer, fire func(timer *Thread)) *Timer {
	return nil
}

// StopTimer keeps the timer from firing, and reports whether it has not fired yet. It is a step
// that writes the timer's object.
func (t *Thread) StopTimer(name string, timer *Timer) bool { return false }
