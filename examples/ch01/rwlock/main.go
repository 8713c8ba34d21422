// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command rwlock shows a lock with two modes: many readers together, or one writer alone.
//
// Watch for what a waiting writer does: later readers wait until the writer has had the lock.
// Otherwise it would never get the lock while readers come and go. So a goroutine that holds a
// read lock must not lock it again, say in a function that it calls: that can be a deadlock.
package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks"
)

const (
	about   = "Shows a lock with two modes: many readers together, or one writer alone."
	readers = 4
	writes  = 200
)

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	if err := together(out); err != nil {
		return err
	}
	if err := alone(out); err != nil {
		return err
	}
	return waiting(out)
}

// together lets readers meet while all of them hold the lock.
func together(out io.Writer) error {
	var mu sync.RWMutex
	inside := locks.NewBarrier(readers)
	var wg sync.WaitGroup
	for range readers {
		wg.Go(func() {
			mu.RLock()
			defer mu.RUnlock()
			inside.Wait() // no reader leaves until all are in: one at a time, this would hang
		})
	}
	wg.Wait()
	fmt.Fprintf(out, "%d readers met inside the lock\n", readers)
	return nil
}

// alone checks that no reader sees a writer's work half done.
func alone(out io.Writer) error {
	var mu sync.RWMutex
	var a, b int // equal whenever no goroutine writes
	var wg sync.WaitGroup
	torn := make([]int, readers)
	for i := range readers {
		wg.Go(func() {
			for range writes {
				mu.RLock()
				if a != b {
					torn[i]++
				}
				mu.RUnlock()
			}
		})
	}
	wg.Go(func() {
		for range writes {
			mu.Lock()
			a++
			runtime.Gosched() // an invitation to look now
			b++
			mu.Unlock()
		}
	})
	wg.Wait()
	fmt.Fprintf(out, "%d writes, seen half done: %v times by the readers\n", a, torn)
	for _, n := range torn {
		if n > 0 || a != writes {
			return fmt.Errorf("%d writes, seen half done %v times", a, torn)
		}
	}
	return nil
}

// waiting shows that a waiting writer keeps new readers out.
func waiting(out io.Writer) error {
	var mu sync.RWMutex
	mu.RLock()
	if !mu.TryRLock() {
		return errors.New("a second reader was kept out, and nobody writes")
	}
	mu.RUnlock()
	written := make(chan struct{})
	go func() {
		mu.Lock()
		close(written)
		mu.Unlock()
	}()
	tries := 0
	for mu.TryRLock() { // until the writer waits
		mu.RUnlock()
		tries++
		runtime.Gosched()
	}
	select {
	case <-written:
		return errors.New("the writer went in beside a reader")
	default:
	}
	fmt.Fprintln(out, "a reader is inside, a writer waits: another reader is kept out")
	mu.RUnlock()
	<-written
	fmt.Fprintln(out, "the reader has left, the writer was served")
	return nil
}
