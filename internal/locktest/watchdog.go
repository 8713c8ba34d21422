// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"bytes"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

var patienceFlag = flag.Duration("locktest.patience", time.Minute, "how long nothing may happen before a test counts as hung")

// looks is how many times in a row nothing must have moved. Looks count, and not the time, so that a program
// that gets no processor is given more.
const looks = 12

// crowd is how many goroutines are too many to look at: the world stands still for seconds while the stacks of
// 100,000 are written.
const crowd = 10_000

// Main runs the tests of a package, as [testing.M.Run] does, for its TestMain. If nothing moves for
// a minute, it prints the stacks of all goroutines, and ends the program: faults of a lock show as a
// hang, which go test ends after ten minutes only. It does not watch benchmarks and fuzzing.
func Main(m *testing.M) {
	flag.Parse()
	if set("test.bench") || set("test.fuzz") {
		os.Exit(m.Run())
	}
	var over atomic.Bool
	w := watchdog{room: make([]byte, 4<<20)} // now: a test weighs the heap
	go func() {
		for range time.Tick(*patienceFlag / looks) {
			if w.look(); w.still == looks && !over.Load() {
				fmt.Fprintf(os.Stderr, "locktest: nothing has moved for %v; the goroutines:\n%s\n", *patienceFlag, w.dump)
				os.Exit(2)
			}
		}
	}()
	code := m.Run()
	over.Store(true)
	os.Exit(code)
}

// Hung is called when a test gives up because nothing happens any more. No further test begins then, as
// they would hang for a minute each, and go test reports only at the end.
func Hung() { _ = flag.Set("test.failfast", "true") }

// set reports whether a flag of package testing has a value.
func set(name string) bool {
	f := flag.Lookup(name)
	return f != nil && f.Value.String() != ""
}

// signs counts the steps of all workers of all checks.
var signs atomic.Int64

// A watchdog checks whether anything moves: whether a worker makes a step, and at which line of a
// test each goroutine is. So it finds a lock that spins forever, too. Its looks must not allocate, as
// some tests count allocations.
type watchdog struct {
	room  []byte // for stacks
	dump  []byte // the stacks of the last look
	steps int64
	lines uint64 // a hash
	still int    // how many looks in a row have seen the same
}

func (w *watchdog) look() {
	if runtime.NumGoroutine() > crowd {
		w.still = 0
		return
	}
	w.dump = w.room[:runtime.Stack(w.room, true)]
	steps, lines := signs.Load(), testLines(w.dump)
	moved := steps != w.steps || lines != w.lines
	w.steps, w.lines = steps, lines
	if moved || len(w.dump) == len(w.room) { // not all are seen
		w.still = 0
	} else {
		w.still++
	}
}

// testLines returns a hash of the number of each goroutine and of the lines of tests in its stack.
func testLines(dump []byte) uint64 {
	hash := fnv.New64a()
	for len(dump) > 0 {
		line, rest, _ := bytes.Cut(dump, newline)
		dump = rest
		switch {
		case bytes.HasPrefix(line, goroutine):
			line, _, _ = bytes.Cut(line, bracket)
		case bytes.Contains(line, testFile), bytes.Contains(line, suite):
			line, _, _ = bytes.Cut(line, offset)
		default:
			continue
		}
		hash.Write(line)
	}
	return hash.Sum64()
}

// What stands in a stack dump.
var (
	newline   = []byte("\n")
	goroutine = []byte("goroutine ")
	bracket   = []byte(" [")
	testFile  = []byte("_test.go:")
	suite     = []byte("/locktest/")
	offset    = []byte(" +0x")
)
