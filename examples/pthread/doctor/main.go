// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Doctor tells what package pthread finds on this machine, and whether it works here.
//
//	go run ./examples/pthread/doctor
//
// "ok" in front of a line means that it was tried just now, "--" that this system does not have
// it, which is no failure; after the name comes what it costs. If something does not do
// what it should the line says FAIL, and the exit status is 1.
//
// It is a program of its own, next to examples/doctor, because it needs the C library.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/osync-go/osync/pthread"
)

func main() {
	runtime.LockOSThread() // so that no other goroutine is on the main thread, which never ends
	fmt.Printf("pthread on %s/%s, %s\n", runtime.GOOS, runtime.GOARCH, runtime.Version())
	if err := pthread.Load(); err != nil {
		fmt.Println("--  library:", err)
		return
	}
	fmt.Printf("ok  library: %s\n\n", pthread.Version())
	failed := false
	for _, r := range rows {
		state, text := r.examine()
		failed = failed || state == "FAIL"
		fmt.Printf("%-4s%-28s%s\n", state, r.name, text)
	}
	lacks := slices.DeleteFunc(pthread.Functions(), func(f string) bool { return pthread.Supported(f) == nil })
	fmt.Printf("\nof %d functions this system lacks %d: %v\n", len(pthread.Functions()), len(lacks), lacks)
	if failed {
		os.Exit(1)
	}
}

// A row is one thing that a library can have.
type row struct {
	name string
	try  func() (cost func(), err error) // tries it, and returns what to measure
}

// patience is how long a try may last.
const patience = 10 * time.Second

// examine tries the row, with a limit.
func (r row) examine() (state, text string) {
	type result struct {
		cost func()
		err  error
	}
	done := make(chan result, 1)
	go func() {
		var res result
		defer func() {
			if p := recover(); p != nil {
				res.err = fmt.Errorf("panic: %v", p)
			}
			done <- res
		}()
		res.cost, res.err = r.try()
	}()
	select {
	case res := <-done:
		switch {
		case errors.Is(res.err, errors.ErrUnsupported):
			return "--", res.err.Error()
		case res.err != nil:
			return "FAIL", res.err.Error()
		case res.cost == nil:
			return "ok", ""
		}
		return "ok", fmt.Sprintf("%6.0f ns", measure(res.cost))
	case <-time.After(patience):
		return "FAIL", fmt.Sprintf("not done after %v", patience)
	}
}

// measure returns the median of what a call of f costs, in ns.
func measure(f func()) float64 {
	const rounds, repeat = 21, 500
	var costs []float64
	for range rounds {
		start := time.Now()
		for range repeat {
			f()
		}
		costs = append(costs, float64(time.Since(start))/repeat)
	}
	slices.Sort(costs)
	return costs[rounds/2]
}

// expect returns an error if what came is not what is wanted. What a library lacks stays that.
func expect(what string, err, want error) error {
	switch {
	case err == want:
		return nil
	case errors.Is(err, errors.ErrUnsupported):
		return err
	default:
		return fmt.Errorf("%s returned %v, want %v", what, err, want)
	}
}

// elsewhere calls f on another thread.
func elsewhere(f func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		done <- f()
	}()
	return <-done
}
