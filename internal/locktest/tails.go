// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/mono"
)

// An Enter calls inside with a lock held.
type Enter func(worker int, inside func())

// Locked returns the Enter of a lock.
func Locked(l sync.Locker) Enter {
	return func(_ int, inside func()) {
		l.Lock()
		inside()
		l.Unlock()
	}
}

// Shared returns the Enter of a readers-writer lock, from those of its two sides. Every fourth worker is a writer.
func Shared(read, write Enter) Enter {
	return func(worker int, inside func()) {
		if writes(worker) {
			write(worker, inside)
		} else {
			read(worker, inside)
		}
	}
}

func writes(worker int) bool { return worker%4 == 0 }
func reads(worker int) bool  { return !writes(worker) }

// compete lets n workers enter again and again. A worker calls inside with the lock held, and then turn with the
// nanoseconds that it has waited. It ends when turn returns false. run runs a function in n workers.
func compete(run func(n int, f func(worker int)), n int, enter Enter, inside func(worker int), turn func(worker int, waited int64) bool) {
	var ready sync.WaitGroup
	ready.Add(n)
	run(n, func(worker int) {
		var came, entered int64
		stay := func() {
			entered = mono.Now()
			inside(worker)
		}
		ready.Done()
		ready.Wait()
		for again := true; again; again = turn(worker, entered-came) {
			came = mono.Now()
			enter(worker, stay)
		}
	})
}

// A Tail compares the waits for a lock, and the shares in it, with those of a lock of package sync.
type Tail struct {
	Name       string
	Lock, Sync func() Enter
	counts     func(worker int) bool // which workers count; nil for all
}

// MutexTail compares a lock with sync.Mutex.
func MutexTail(name string, lock func() Enter) Tail {
	return Tail{Name: name, Lock: lock, Sync: func() Enter { return Locked(&new(Apart[sync.Mutex]).L) }}
}

// RWTails compares the readers of a lock with those of sync.RWMutex, and the writers with its writers.
func RWTails(name string, lock func() Enter) []Tail {
	base := func() Enter {
		rw := &new(Apart[sync.RWMutex]).L
		return Shared(Locked(rw.RLocker()), Locked(rw))
	}
	return []Tail{{name + ".readers", lock, base, reads}, {name + ".writers", lock, base, writes}}
}

// Tails compares with 2, 8 and 32 workers, which are inside for a microsecond and as long outside, or inside for ten,
// and with 8 beside as many goroutines that keep the processors busy. An op is a round of 100 ms with either lock.
// Tails reports medians over the rounds: of the longest wait, and of the ratios to package sync of the longest wait, of
// the 99.9th percentile, of Jain's index of the shares, and of the time for each turn. Where workers are threads, those
// of package sync are goroutines locked to a thread.
func Tails(b *testing.B, start Start, tails ...Tail) {
	base := Goroutines
	if start.Threads {
		base = LockedThreads
	}
	for _, t := range tails {
		for _, crowd := range [][2]int{{2, 0}, {8, 0}, {32, 0}, {8, 8}} {
			for _, work := range [][2]int{{1000, 1000}, {10_000, 0}} {
				w := workload{crowd[0], crowd[1], work[0], work[1]}
				b.Run(fmt.Sprintf("lock=%s/workers=%s/n=%d/busy=%d/inside=%d/outside=%d", t.Name, start.Name, w.workers, w.busy, w.inside, w.outside), func(b *testing.B) {
					ratios, longest := map[string][]float64{}, []float64{}
					for i := 0; b.Loop(); i++ {
						var lock, sync map[string]float64
						for turn := range 2 {
							if (i+turn)%2 == 0 {
								lock = w.round(start, t.Lock(), t.counts)
							} else {
								sync = w.round(base, t.Sync(), t.counts)
							}
						}
						longest = append(longest, lock["longest"])
						for figure, value := range lock {
							ratios[figure] = append(ratios[figure], value/sync[figure])
						}
					}
					for figure, r := range ratios {
						b.ReportMetric(median(r), figure+"/sync")
					}
					b.ReportMetric(median(longest)/1e6, "longest-ms")
					b.ReportMetric(0, "ns/op") // a round has the same length always
				})
			}
		}
	}
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// A workload is what workers do with a lock, beside busy goroutines. The times are in nanoseconds.
type workload struct{ workers, busy, inside, outside int }

// round lets the workers compete for 100 ms. It returns the figures of those that count, which are all if counts
// is nil.
func (w workload) round(start Start, enter Enter, counts func(worker int) bool) map[string]float64 {
	waits := make([][]int64, w.workers)
	var over atomic.Bool
	for range w.busy {
		defer Goroutines.Go(func() {
			for !over.Load() {
				Spend(1000)
				Preempt()
			}
		})()
	}
	defer over.Store(true)
	begin := mono.Now()
	compete(start.Run, w.workers, enter, func(int) { Spend(w.inside) }, func(worker int, waited int64) bool {
		waits[worker] = append(waits[worker], waited)
		Spend(w.outside)
		return mono.Now()-begin < int64(100*time.Millisecond)
	})
	took := mono.Now() - begin
	var all []int64
	workers, squares := 0.0, 0.0
	for worker, own := range waits {
		if counts == nil || counts(worker) {
			all = append(all, own...)
			workers++
			squares += float64(len(own)) * float64(len(own))
		}
	}
	slices.Sort(all)
	turns := float64(len(all))
	return map[string]float64{
		"longest": float64(all[len(all)-1]),
		"p99.9":   float64(all[len(all)*999/1000]),
		"jain":    turns * turns / (workers * squares), // 1 if the shares are equal, 1/n if one of n workers has all
		"time":    float64(took) / turns,
	}
}
