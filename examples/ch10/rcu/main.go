// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command rcu shows read, copy, update: readers follow a pointer to a value that never changes,
// and a writer puts a changed copy in its place. Readers do not wait, and no writer waits for them.
//
// In other languages the hard part is to know when the last reader of an old value has gone, and
// it can be freed. Go's collector knows. Watch for the reader that holds the first value all the
// while: it stays whole. And no update is lost, although two writers make them at once.
package main

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = "Shows read, copy, update: an atomic pointer to values that never change."

func main() { program.Main(about, run) }

// An RCU is a value that is read all the time, and replaced now and then.
type RCU[T any] struct{ current atomic.Pointer[T] }

// Load returns the value of now. It must not be changed.
func (r *RCU[T]) Load() *T { return r.current.Load() } // acquire

// Update replaces the value by a copy that change has changed. If another writer was faster it
// begins again, with a copy of the new one.
func (r *RCU[T]) Update(change func(*T)) {
	for {
		old := r.current.Load()
		next := *old // a shallow copy: change must replace what it points to, too
		change(&next)
		if r.current.CompareAndSwap(old, &next) { // release
			return
		}
	}
}

// A config is whole if all its fields are of the same version.
type config struct{ version, port, limit int }

func (c *config) whole() bool { return c.port == 2*c.version && c.limit == 3*c.version }

func next(c *config) {
	c.version++
	c.port = 2 * c.version
	c.limit = 3 * c.version
}

func run(out io.Writer) error {
	const writers, updates, readers = 2, 1000, 4
	var (
		r              RCU[config]
		stop           atomic.Bool
		reads, torn    atomic.Int64
		writing, other sync.WaitGroup
	)
	r.current.Store(new(config))
	first := r.Load()
	for range readers {
		other.Go(func() {
			for last := 0; !stop.Load(); reads.Add(1) {
				if reads.Load()%64 == 0 {
					runtime.Gosched() // let the writers write
				}
				c := r.Load()
				if !c.whole() || c.version < last {
					torn.Add(1)
				}
				last = c.version
			}
		})
	}
	for range writers {
		writing.Go(func() {
			for range updates {
				r.Update(func(c *config) {
					next(c)
					runtime.Gosched() // let the other writer come between
				})
			}
		})
	}
	writing.Wait()
	stop.Store(true)
	other.Wait()

	fmt.Fprintf(out, "%d updates by %d writers: the version is %d\n", writers*updates, writers, r.Load().version)
	fmt.Fprintf(out, "%d reads meanwhile, %d of them not whole, or older than the one before\n", reads.Load(), torn.Load())
	fmt.Fprintf(out, "the reader that has held the first version all the while still sees it: %+v\n", *first)
	fmt.Fprintf(out, "a read takes %.1f ns, under a sync.RWMutex %.1f ns (alone)\n", measure(func() int { return r.Load().port }), locked(r.Load()))
	if got := r.Load(); got.version != writers*updates || torn.Load() != 0 || first.version != 0 || !first.whole() {
		return fmt.Errorf("after %d updates the config is %+v, and %d reads were torn", writers*updates, *got, torn.Load())
	}
	return nil
}

// locked measures a read under a lock.
func locked(c *config) float64 {
	var rw sync.RWMutex
	return measure(func() int {
		rw.RLock()
		defer rw.RUnlock()
		return c.port
	})
}

// measure returns how many nanoseconds a read takes.
func measure(read func() int) float64 {
	const n = 100_000
	sum := 0
	start := time.Now()
	for range n {
		sum += read()
	}
	took := time.Since(start)
	runtime.KeepAlive(sum)
	return float64(took.Nanoseconds()) / n
}
