// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command cost measures what one atomic operation costs without contention.
//
// Watch for: on amd64 a Load costs what a plain one does, and everything with a LOCK about as much
// as everything else with a LOCK, also a Store, which is an exchange, and a CompareAndSwap that
// fails. The processor must empty its store buffer first, and that takes the time. -svg draws it.
package main

import (
	"flag"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/chart"
	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/examples/internal/rounds"
)

const about = `cost measures what one atomic operation costs without contention.`

var svg = flag.String("svg", "", "draw the costs into this file")

func main() { program.Main(about, run) }

const times = 20_000

var (
	plain uint32
	word  atomic.Uint32
	mutex sync.Mutex
)

// The operations, each many times in a loop of its own: a call through a variable would cost
// more than some of them.
var operations = []struct {
	name string
	loop func()
}{
	{"plain load", func() {
		var sum uint32
		for range times {
			sum ^= plain
		}
		plain = sum // so that it was for something
	}},
	{"plain store", func() {
		for i := range uint32(times) {
			plain = i
		}
	}},
	{"Load", func() {
		for range times {
			word.Load()
		}
	}},
	{"Store", func() {
		for i := range uint32(times) {
			word.Store(i)
		}
	}},
	{"Swap", func() {
		for i := range uint32(times) {
			word.Swap(i)
		}
	}},
	{"Add", func() {
		for range times {
			word.Add(1)
		}
	}},
	{"Or", func() {
		for range times {
			word.Or(1)
		}
	}},
	{"CompareAndSwap, succeeds", func() {
		word.Store(0)
		for i := range uint32(times) {
			word.CompareAndSwap(i, i+1)
		}
	}},
	{"CompareAndSwap, fails", func() {
		word.Store(0)
		for range times {
			word.CompareAndSwap(1, 2)
		}
	}},
	{"Mutex.Lock, Unlock", func() {
		for range times {
			mutex.Lock()
			mutex.Unlock()
		}
	}},
}

func run(out io.Writer) error {
	measures := make([]func() time.Duration, len(operations))
	for i, op := range operations {
		measures[i] = func() time.Duration {
			start := time.Now()
			op.loop()
			return time.Since(start)
		}
	}
	ns := rounds.Medians(21, measures...)
	names := make([]string, len(ns))
	for i, op := range operations {
		ns[i] /= times
		names[i] = op.name
		fmt.Fprintf(out, "%-26s %6.2f ns\n", op.name, ns[i])
	}
	word.Store(0)
	for i := range uint32(times) {
		if !word.CompareAndSwap(i, i+1) || word.CompareAndSwap(i, 0) {
			return fmt.Errorf("CompareAndSwap of %d was wrong", i)
		}
	}
	if *svg == "" {
		return nil
	}
	return chart.Bars(*svg, chart.Labels{Title: "What an operation costs, alone", Y: "ns"},
		names, chart.Series{Name: "uncontended", Y: ns})
}
