// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package timing lays the locks of this chapter beside those of packages sync and locks.
package timing

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/osync-go/osync/examples/internal/rounds"
	"github.com/osync-go/osync/locks"
)

const (
	goroutines = 4
	passes     = 2000 // of each goroutine
	times      = 9    // measured
)

// Mutex prints what a Lock and its Unlock cost, alone and between goroutines. It returns an
// error if the step did not keep the goroutines apart.
func Mutex(out io.Writer, step func() sync.Locker) error {
	fmt.Fprintf(out, "%-16s%12s%20s\n", "Lock and Unlock", "alone", "of 4 goroutines")
	return compare(out, []named{
		{"this step", step},
		{"locks.Mutex", func() sync.Locker { return new(locks.Mutex) }},
		{"sync.Mutex", func() sync.Locker { return new(sync.Mutex) }},
	})
}

// An RWLocker is a readers-writer lock.
type RWLocker interface {
	sync.Locker
	RLock()
	RUnlock()
}

// RWMutex prints what a Lock and its Unlock cost, by writers and then by readers.
func RWMutex(out io.Writer, step func() RWLocker) error {
	news := []func() RWLocker{
		step,
		func() RWLocker { return new(locks.RWMutex) },
		func() RWLocker { return new(sync.RWMutex) },
	}
	names := []string{"this step", "locks.RWMutex", "sync.RWMutex"}
	var writers []named
	for i, name := range names {
		writers = append(writers, named{name, func() sync.Locker { return news[i]() }})
	}
	fmt.Fprintf(out, "%-16s%12s%20s\n", "writers", "alone", "of 4 goroutines")
	if err := compare(out, writers); err != nil {
		return err
	}
	fmt.Fprintf(out, "%-16s\n", "readers")
	var measures []func() time.Duration
	for i := range names {
		reader := readSide{news[i]()}
		measures = append(measures,
			func() time.Duration { return alone(reader) },
			func() time.Duration { return together(reader, func() {}) })
	}
	rows(out, names, rounds.Medians(times, measures...))
	return nil
}

type readSide struct{ RWLocker }

func (r readSide) Lock()   { r.RLock() }
func (r readSide) Unlock() { r.RUnlock() }

type named struct {
	name string
	make func() sync.Locker
}

func compare(out io.Writer, locks []named) error {
	names, sums := make([]string, len(locks)), make([]int, len(locks))
	var measures []func() time.Duration
	for i, l := range locks {
		lock := l.make()
		names[i] = l.name
		measures = append(measures,
			func() time.Duration { return alone(lock) },
			func() time.Duration { return together(lock, func() { sums[i]++ }) })
	}
	rows(out, names, rounds.Medians(times, measures...))
	for i, sum := range sums {
		if want := goroutines * passes * times; sum != want {
			return fmt.Errorf("%s: counted %d, want %d: two were inside", names[i], sum, want)
		}
	}
	return nil
}

// rows prints two results for each name.
func rows(out io.Writer, names []string, ns []float64) {
	for i, name := range names {
		fmt.Fprintf(out, "  %-14s%9.1f ns%17.1f ns\n", name, ns[2*i]/passes, ns[2*i+1]/(goroutines*passes))
	}
}

func alone(l sync.Locker) time.Duration {
	start := time.Now()
	for range passes {
		l.Lock()
		l.Unlock()
	}
	return time.Since(start)
}

func together(l sync.Locker, inside func()) time.Duration {
	var wg sync.WaitGroup
	start := time.Now()
	for range goroutines {
		wg.Go(func() {
			for range passes {
				l.Lock()
				inside()
				l.Unlock()
			}
		})
	}
	wg.Wait()
	return time.Since(start)
}
