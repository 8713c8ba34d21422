// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command manycores computes what locks.Mutex, its parking lot, and the places of sleeping threads do on a machine
// with many cores, which few people have. It simulates the cores, the transfers of cache lines between them, with
// published costs, and a scheduler.
//
// Watch for: how long a bucket of the parking lot is locked, what two hot locks in one bucket cost each other, whether
// it would help to let fewer goroutines spin, and what sleeping threads pay to note that they keep their processor.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = `manycores simulates locks.Mutex on machines with many cores.`

var (
	seed  = flag.Uint64("seed", 1, "the seed of all random numbers")
	milli = flag.Int("ms", 5, "simulated milliseconds of each row")
)

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	err := errors.Join(hot(out), collisions(out))
	spinners(out)
	birthdays(out)
	return errors.Join(err, keepers(out))
}

// A load is some locks, each with goroutines that lock it again and again.
type load struct {
	cores, locks, goroutines int   // goroutines for each core
	inside, outside          nanos // outside is random, around that
	buckets                  int
	spinners                 int // at most; 0: no limit
}

// A result is what a load has done.
type result struct {
	perMicro  float64 // locks in a microsecond
	transfers float64 // of the lock's line, for each lock
	parks     float64 // for each lock
	busy      float64 // the share of the time in which the busiest bucket was locked
	toLock    float64 // nanoseconds until a bucket is locked
}

// warmUp is how long a load runs before it counts. All goroutines begin in the first millisecond, so that many
// meet at once.
const warmUp nanos = 3e6

func (l load) run() (r result) {
	m := newMachine(l.cores, *seed)
	buckets := make([]mutex, l.buckets)
	locks := make([]mutex, l.locks)
	data := make([]line, l.locks)
	for i := range locks {
		locks[i].maxSpinners, locks[i].bucket = l.spinners, &buckets[i%l.buckets]
	}
	for i := range l.cores * l.goroutines {
		of := i % l.locks
		defer m.start(i%l.cores, func(g *goroutine) {
			for {
				locks[of].lock(g)
				g.write(&data[of])
				g.wait(l.inside)
				locks[of].unlock(g)
				g.wait(l.outside/2 + nanos(m.random.Int64N(int64(l.outside)+1)))
			}
		})()
	}
	m.run(warmUp)
	for i := range locks {
		locks[i].counts, locks[i].word.transfers = counts{}, 0
	}
	for i := range buckets {
		buckets[i].counts = counts{}
	}
	time := nanos(*milli) * 1e6
	m.run(warmUp + time)

	var all, lots counts
	transfers := 0
	for i := range locks {
		all.add(&locks[i])
		transfers += locks[i].word.transfers
	}
	for i := range buckets {
		lots.add(&buckets[i])
		r.busy = max(r.busy, float64(buckets[i].held)/float64(time))
	}
	n := float64(max(all.locks, 1))
	r.perMicro = n / float64(time) * 1e3
	r.transfers, r.parks = float64(transfers)/n, float64(all.parks)/n
	r.toLock = float64(lots.waited) / float64(max(lots.locks, 1))
	return r
}

const header = "cores  goroutines  locks  buckets  inside  outside  locks/µs  transfers  parks  bucket locked  to lock it"

func (l load) print(out io.Writer) result {
	r := l.run()
	fmt.Fprintf(out, "%5d  %10d  %5d  %7d  %6d  %7d  %8.2f  %9.2f  %5.2f  %11.1f %%  %7.0f ns\n", l.cores, l.goroutines*l.cores,
		l.locks, l.buckets, l.inside, l.outside, r.perMicro, r.transfers, r.parks, 100*r.busy, r.toLock)
	return r
}

func hot(out io.Writer) (err error) {
	fmt.Fprintf(out, "One hot lock, times in ns\n\n%s\n", header)
	for _, cores := range []int{8, 64, 128} {
		for _, goroutines := range []int{1, 4} {
			for _, inside := range []nanos{0, 100, 1000} {
				l := load{cores: cores, locks: 1, goroutines: goroutines, inside: inside, outside: 1000, buckets: 1}
				if r := l.print(out); r.busy > 0.1 {
					err = errors.New("a hot lock keeps its bucket locked")
				}
			}
		}
	}
	return err
}

func collisions(out io.Writer) (err error) {
	fmt.Fprintf(out, "\nHot locks on 64 cores, each in a bucket of its own, in pairs, and all in one\n\n%s\n", header)
	for _, locks := range []int{2, 8, 32} {
		var alone result
		for _, buckets := range slices.Compact([]int{locks, locks / 2, 1}) {
			r := load{cores: 64, locks: locks, goroutines: 4, inside: 100, outside: 1000, buckets: buckets}.print(out)
			switch buckets {
			case locks:
				alone = r
			case locks / 2:
				if r.perMicro < 0.8*alone.perMicro {
					err = errors.New("two hot locks in a bucket slow each other down")
				}
			}
		}
	}
	return err
}

func spinners(out io.Writer) {
	fmt.Fprintf(out, "\nOne hot lock on 64 cores, and at most so many spinning goroutines\n\nspinning  %s\n", header)
	for _, inside := range []nanos{0, 100, 1000} {
		for _, outside := range []nanos{0, 1000} {
			for _, n := range []int{1, 4, 0} {
				limit := "any"
				if n > 0 {
					limit = fmt.Sprint(n)
				}
				fmt.Fprintf(out, "%8s  ", limit)
				load{cores: 64, locks: 1, goroutines: 1, inside: inside, outside: outside, buckets: 1, spinners: n}.print(out)
			}
		}
	}
}

// birthdays prints how many of some hot words share their bucket with another one.
func birthdays(out io.Writer) {
	fmt.Fprintf(out, "\nHot words that share their bucket with another hot word\n\nbuckets")
	words := []int{2, 4, 8, 16, 32, 64}
	for _, n := range words {
		fmt.Fprintf(out, "  %5d words", n)
	}
	fmt.Fprintln(out)
	for _, buckets := range []float64{251, 512, 4096} {
		fmt.Fprintf(out, "%7.0f", buckets)
		for _, n := range words {
			alone := math.Pow(1-1/buckets, float64(n-1))
			fmt.Fprintf(out, "  %9.1f %%", 100*(1-alone))
		}
		fmt.Fprintln(out)
	}
}
