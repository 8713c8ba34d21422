// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"time"

	"github.com/osync-go/osync/locks/thread"
)

// guard calls f in a goroutine and returns its error. A panic of f is an error too, and so
// is that f has not returned after limit; then it stays behind, blocked or not.
func guard(limit time.Duration, f func() error) error {
	end := make(chan error, 1) // so that a late result can still be sent
	go func() { end <- caught(f) }()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case err := <-end:
		return err
	case <-timer.C:
		return fmt.Errorf("has not ended after %v", limit)
	}
}

// caught calls f and returns its error or, as an error, what it panicked with.
func caught(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return f()
}

// A crew says what the workers of a self-test are: goroutines, pinned threads, or both in
// turn. Its start calls f in worker number i, and returns a function that waits for f's
// end and returns its error.
type crew struct {
	name  string
	start func(i int, f func() error) (join func() error)
}

var (
	goroutines = crew{"goroutines", func(_ int, f func() error) func() error {
		end := make(chan error, 1)
		go func() { end <- caught(f) }()
		return func() error { return <-end }
	}}
	threads = crew{"threads", func(_ int, f func() error) func() error {
		return thread.Spawn(func() error { return caught(f) }).Join
	}}
	mixed = crew{"mixed", func(i int, f func() error) func() error {
		if i%2 == 0 {
			return goroutines.start(i, f)
		}
		return threads.start(i, f)
	}}
)

// all calls f in n workers at a time. It returns once all have ended, or with the first
// error: then others may wait forever.
func (c crew) all(n int, f func(i int) error) error {
	ends := make(chan error, n)
	for i := range n {
		c.start(i, func() error {
			ends <- caught(func() error { return f(i) })
			return nil
		})
	}
	for range n {
		if err := <-ends; err != nil {
			return err
		}
	}
	return nil
}

// byCrews makes a self-test for each crew.
func byCrews(test func(c crew) error) []selfTest {
	var tests []selfTest
	for _, c := range []crew{goroutines, threads, mixed} {
		tests = append(tests, selfTest{c.name, func() error { return test(c) }})
	}
	return tests
}
