// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command publish shows how a plain value is handed from one goroutine to another: by an
// atomic store that comes after it, and an atomic load that sees the store.
//
// In Rust and C that is a release store and an acquire load. Go's atomics are all
// sequentially consistent, which is that and more, so there is no order to choose. Watch for the
// other rows: whatever joins goroutines hands values over, too. The race detector knows these
// edges, and go test -race of this program finds nothing; take one away and it does.
package main

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/thread"
)

const (
	about  = "Shows how a plain value is handed from one goroutine to another."
	rounds = 500
)

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	for _, way := range []struct {
		edge string
		pass func(data *int) (got int) // writes 42 on one side, and reads it on the other
	}{
		{"an atomic store, and a load that sees it", byAtomic},
		{"a go statement, and what it starts", byStart},
		{"the end of a function, and WaitGroup.Wait", byWait},
		{"a send, and its receive", byChannel},
		{"an Unlock, and a later Lock", byMutex},
		{"Event.Set, and Event.Wait", byEvent},
		{"the end of a thread, and its Join", byJoin},
	} {
		for range rounds {
			if got := way.pass(new(int)); got != 42 {
				return fmt.Errorf("%s: got %d, want 42", way.edge, got)
			}
		}
		fmt.Fprintf(out, "%-42s %d of %d values arrived\n", way.edge, rounds, rounds)
	}
	return nil
}

func byAtomic(data *int) int {
	var ready atomic.Bool
	go func() {
		*data = 42        // plain,
		ready.Store(true) // and seen by all who see this (release)
	}()
	for !ready.Load() { // acquire
		runtime.Gosched()
	}
	return *data
}

func byStart(data *int) int {
	got := make(chan int, 1)
	*data = 42
	go func() { got <- *data }()
	return <-got
}

func byWait(data *int) int {
	var wg sync.WaitGroup
	wg.Go(func() { *data = 42 })
	wg.Wait()
	return *data
}

func byChannel(data *int) int {
	ready := make(chan struct{})
	go func() {
		*data = 42
		ready <- struct{}{}
	}()
	<-ready
	return *data
}

func byMutex(data *int) int {
	var mu sync.Mutex
	go func() {
		mu.Lock()
		*data = 42
		mu.Unlock()
	}()
	for {
		mu.Lock()
		got := *data // 0 if we were first
		mu.Unlock()
		if got != 0 {
			return got
		}
		runtime.Gosched()
	}
}

func byEvent(data *int) int {
	var ready locks.Event
	go func() {
		*data = 42
		ready.Set()
	}()
	ready.Wait()
	return *data
}

func byJoin(data *int) int {
	if err := thread.Spawn(func() error { *data = 42; return nil }).Join(); err != nil {
		return 0
	}
	return *data
}
