// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command cleanup shows when a language with a collector needs reference counts: for what lies
// outside the heap, and whose number is limited. The same hundred resources are opened and given
// up in three ways, and the program counts how many are open at once.
//
// runtime.AddCleanup is Go's own way to release something with the memory that stood for it.
// Watch how long it takes: until the collector has come by, and that comes for memory, not for
// descriptors. It is a safety net. One owner closes by defer; several owners count.
package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = "Shows when resources are released: by the collector, by one owner, by counting owners."

func main() { program.Main(about, run) }

// A system stands for the operating system, which has a table of open things.
type system struct{ open, most atomic.Int32 }

func (s *system) acquire() {
	if n := s.open.Add(1); n > s.most.Load() {
		s.most.Store(n) // one goroutine opens
	}
}

func (s *system) release() { s.open.Add(-1) }

// A File is a Go value that stands for something of the system.
type File struct {
	sys    *system
	owners atomic.Int32 // used by the counting way alone
}

// Open opens a file with one owner.
func Open(sys *system) *File {
	sys.acquire()
	f := &File{sys: sys}
	f.owners.Store(1)
	return f
}

// Close releases f, by its only owner.
func (f *File) Close() { f.sys.release() }

// Share adds an owner, and Drop takes one away; the last releases f.
func (f *File) Share() { f.owners.Add(1) }

// Drop ends one ownership.
func (f *File) Drop() {
	if f.owners.Add(-1) == 0 {
		f.sys.release()
	}
}

const files = 100

func run(out io.Writer) error {
	var net, single, counted system

	percent := debug.SetGCPercent(-1) // no collection before we ask for one
	for range files {
		f := Open(&net)
		runtime.AddCleanup(f, (*system).release, &net)
	}
	open := net.open.Load()
	debug.SetGCPercent(percent)
	start := time.Now()
	for net.open.Load() > 0 && time.Since(start) < 20*time.Second {
		runtime.GC()
		runtime.Gosched() // cleanups run in a goroutine of their own
	}
	fmt.Fprintf(out, "AddCleanup:      up to %3d open at once; %d open when all were forgotten,\n", net.most.Load(), open)
	fmt.Fprintf(out, "                 %d after the collector was asked, %v later\n", net.open.Load(), time.Since(start).Round(10*time.Microsecond))

	for range files {
		func() {
			f := Open(&single)
			defer f.Close()
		}()
	}
	fmt.Fprintf(out, "one owner:       up to %3d open at once\n", single.most.Load())

	for range files {
		f := Open(&counted)
		var wg sync.WaitGroup
		for range 3 {
			f.Share()
			wg.Go(f.Drop) // each of three goroutines is done with f at some time
		}
		f.Drop()
		wg.Wait()
	}
	fmt.Fprintf(out, "counted owners:  up to %3d open at once\n", counted.most.Load())

	if open != files || net.open.Load() != 0 {
		return fmt.Errorf("AddCleanup: %d open before the collection, want %d; %d after it, want 0", open, files, net.open.Load())
	}
	if single.most.Load() != 1 || counted.most.Load() != 1 || single.open.Load()+counted.open.Load() != 0 {
		return errors.New("an owner did not release at once")
	}
	return nil
}
