// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import "testing"

// A config says what else a lock promises, or does not.
type config struct {
	workers      []Start
	recoverable  bool
	ownedByTaker bool
	turns        bool
	slow         bool
	spurious     bool
	unfair       bool
	uneven       bool
	scrambles    bool
	allocates    bool
}

// An Option changes what a suite does.
type Option func(*config)

// Workers adds ways to start workers, and a mix of them with goroutines.
func Workers(starts ...Start) Option {
	return func(c *config) {
		for _, s := range starts {
			c.workers = append(c.workers, s, Mixed(Goroutines, s))
		}
	}
}

// Recoverable says that misuse panics, with the words of package sync, and does not stop
// the program as package sync does.
func Recoverable() Option { return func(c *config) { c.recoverable = true } }

// Owned says that only the goroutine that took the lock may release it.
func Owned() Option { return func(c *config) { c.ownedByTaker = true } }

// TakesTurns says that the unlock of a writer lets in all readers that wait, before the next
// writer, as with package sync. Without it they may be overtaken, for a bounded time. To check it, the lock needs
// a method Waiting() int, which counts the goroutines that sleep in its queues.
func TakesTurns() Option { return func(c *config) { c.turns = true } }

// Slow says that to hand the lock over takes milliseconds at times, so that a check
// repeats less.
func Slow() Option { return func(c *config) { c.slow = true } }

// Spurious says that a wait has spurious wake-ups, and that a Signal wakes any waiter, as POSIX has it.
func Spurious() Option { return func(c *config) { c.spurious = true } }

// Unfair says that readers that keep coming may starve writers, or the other way round.
func Unfair() Option { return func(c *config) { c.unfair = true } }

// Uneven says that the lock promises no order among waiters, so that shares may be uneven, and many writers
// overtake a reader.
func Uneven() Option { return func(c *config) { c.uneven = true } }

// Scrambles says that Broadcast makes all waiters runnable at once and leaves their order to the scheduler,
// as with package sync.
func Scrambles() Option { return func(c *config) { c.scrambles = true } }

// Allocates says that a call may allocate.
func Allocates() Option { return func(c *config) { c.allocates = true } }

func newConfig(options []Option) config {
	c := config{workers: []Start{Goroutines, LockedThreads, Mixed(Goroutines, LockedThreads)}}
	for _, o := range options {
		o(&c)
	}
	return c
}

// A check is one sentence of a contract. L is the interface of the lock.
type check[L any] struct {
	name  string
	alone bool // starts no workers, so one run of it is enough
	run   func(e *env, make func() L)
}

func run[L any](t *testing.T, checks []check[L], make func() L, options []Option) {
	c := newConfig(options)
	for _, check := range checks {
		if check.alone {
			t.Run(check.name, func(t *testing.T) { check.run(newEnv(t, Goroutines, c), make) })
		}
	}
	for _, start := range c.workers {
		t.Run(start.Name, func(t *testing.T) {
			for _, check := range checks {
				if !check.alone {
					t.Run(check.name, func(t *testing.T) { check.run(newEnv(t, start, c), make) })
				}
			}
		})
	}
}
