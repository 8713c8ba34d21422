// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"runtime"
	"runtime/metrics"
	"sync"
	"time"

	"github.com/osync-go/osync/examples/compare/foreign"
	"github.com/osync-go/osync/examples/internal/clock"
)

// What the runtime says of a crowd.
const (
	running  = "/sched/goroutines/running:goroutines"
	runnable = "/sched/goroutines/runnable:goroutines"
	threads  = "/sched/threads/total:threads"
	objects  = "/memory/classes/heap/objects:bytes"
	stacks   = "/memory/classes/heap/stacks:bytes"
)

// crowdRound lets goroutines wait for a mutex, and measures how long it takes to go through all of them.
func crowdRound(m *mutex, spec foreign.Spec) (outcome, error) {
	if m.with == nil {
		m.with = func(f func()) { m.lock(); f(); m.unlock() }
	}
	var through sync.WaitGroup
	through.Add(spec.Workers)
	enter := func() {
		m.with(func() { *m.data++ })
		through.Done()
	}
	runtime.GC()
	before := read(objects, stacks)
	cpu := ownTime()
	var o outcome
	var err error
	var begin clock.Moment
	m.with(func() {
		for range spec.Workers {
			go enter()
		}
		if err = settled(); err != nil {
			return
		}
		o.threads = int(read(threads))
		o.bytesEach = float64(read(objects, stacks)-before) / float64(spec.Workers)
		cpu = ownTime()
		begin = clock.Now()
	})
	through.Wait()
	o.Ops, o.Nanos, o.CPUNanos = uint64(spec.Workers), uint64(begin.Elapsed()), uint64(ownTime()-cpu)
	return o, err
}

// settled waits until all goroutines but this one wait.
func settled() error {
	for deadline := time.Now().Add(time.Minute); read(running, runnable) > 1; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			return fmt.Errorf("after a minute not all of the goroutines wait")
		}
	}
	return nil
}

// read returns the sum of some metrics of the runtime.
func read(names ...string) (sum int64) {
	samples := make([]metrics.Sample, len(names))
	for i, name := range names {
		samples[i].Name = name
	}
	metrics.Read(samples)
	for _, s := range samples {
		sum += int64(s.Value.Uint64())
	}
	return sum
}
