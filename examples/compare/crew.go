// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/clock"
	"github.com/osync-go/osync/locks/thread"
)

// A crew says what workers are: it is called first in the goroutine of each.
type crew func()

// The threads of the last two end with their workers.
var (
	goroutines crew = func() {}
	locked     crew = runtime.LockOSThread
	pinned     crew = thread.Pin
)

// A lap is one round of the peers in Go.
type lap struct {
	stop  atomic.Bool
	_     [120]byte // what all workers read stays apart from what they write
	begin clock.Moment
	took  time.Duration
	cpu   time.Duration
}

// run lets n workers of c do body at the same time, sets stop after d, and waits until all have
// ended. What it takes to start them is not counted.
func (l *lap) run(c crew, n int, d time.Duration, body func(me int)) {
	var ready, ended sync.WaitGroup
	ready.Add(n)
	ended.Add(n)
	begin := make(chan struct{})
	for me := range n {
		go func() {
			c()
			ready.Done()
			<-begin
			body(me)
			ended.Done()
		}()
	}
	ready.Wait()
	cpu := ownTime()
	l.begin = clock.Now()
	close(begin)
	time.Sleep(d)
	l.stop.Store(true)
	ended.Wait()
	l.took = l.begin.Elapsed()
	l.cpu = ownTime() - cpu
}
