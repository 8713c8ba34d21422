// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"io"
)

// keepers compares three ways in which threads that sleep in the kernel can note that they keep their processor; see
// package keep.
func keepers(out io.Writer) (err error) {
	fmt.Fprintln(out, "\n64 threads that sleep for as long as they are awake: what it costs to take a place and to leave it")
	fmt.Fprintln(out, "\nawake    from the front, 8 places in a line    a line each, 4 looks from its own    without a place")
	for _, awake := range []nanos{1000, 5000, 20000} {
		packed, without := keep{awake: awake, perLine: 8, looks: 16}.run()
		spread, without2 := keep{awake: awake, perLine: 1, looks: 4, own: true}.run()
		fmt.Fprintf(out, "%5d ns  %10.0f ns                             %10.0f ns                        %3.0f %%, %3.0f %%\n",
			awake, packed, spread, 100*without, 100*without2)
		if packed < spread && awake < 10000 {
			err = errors.New("threads that seldom sleep long pay more for places in lines of their own")
		}
	}
	return err
}

// A keep is a way of keeping 16 places.
type keep struct {
	awake   nanos
	perLine int
	looks   int
	own     bool // each thread begins to look at a place of its own
}

// run returns the cost of a place, and the share of the sleeps that found none.
func (k keep) run() (cost, without float64) {
	const places, cores = 16, 64
	m := newMachine(cores, *seed)
	lines := make([]line, places/k.perLine)
	var taken [places]bool
	var spent nanos
	var n, none int
	for i := range cores {
		first := 0
		if k.own {
			first = m.random.IntN(places)
		}
		defer m.start(i, func(g *goroutine) {
			for {
				g.wait(k.awake/2 + nanos(m.random.Int64N(int64(k.awake))))
				came := g.now
				mine := -1
				for look := 0; look < k.looks && mine < 0; look++ {
					i := (first + look) % places
					if g.read(&lines[i/k.perLine]); taken[i] {
						continue
					}
					if g.write(&lines[i/k.perLine]); !taken[i] {
						taken[i], mine = true, i
					}
				}
				spent += g.now - came
				g.wait(k.awake/2 + nanos(m.random.Int64N(int64(k.awake)))) // asleep
				came = g.now
				if mine >= 0 {
					g.write(&lines[mine/k.perLine])
					taken[mine] = false
				} else {
					none++
				}
				spent += g.now - came
				n++
			}
		})()
	}
	m.run(nanos(*milli) * 1e6)
	return float64(spent) / float64(n), float64(none) / float64(n)
}
