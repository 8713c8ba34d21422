// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"

	"github.com/osync-go/osync/examples/compare/foreign"
)

// An effort says how much to measure.
type effort struct {
	cells  []work
	peers  []peer
	rounds int
	round  time.Duration
	limit  time.Duration // for a round, beyond its duration: then a peer hangs

	perIteration float64
	speed        speed
	progress     func(string)
}

// tooBusy is the share of the machine above which its loss disturbs a round.
const tooBusy = 0.2

// A contest is a peer in a cell.
type contest struct {
	peer
	rounds map[string][]float64 // by figure
	err    error
}

// time returns how long e takes if nothing is repeated.
func (e *effort) time() time.Duration {
	n := 0
	for _, w := range e.cells {
		for _, p := range e.peers {
			if p.does(w) {
				n += e.laps(w)
			}
		}
	}
	return time.Duration(n) * e.round * 11 / 10 // a tenth to start the workers
}

// laps returns how often each peer does w.
func (e *effort) laps(w work) int {
	if w.kind == crowd {
		return e.rounds
	}
	return 2 * e.rounds
}

// cell measures one cell. A round goes through all peers, so that a disturbance of the machine hits
// a round of each and not all rounds of one; the peers take turns in coming first. If ctx ends, the
// cell is of no use.
func (e *effort) cell(ctx context.Context, w work) Cell {
	w.setProcs()
	defer work{}.setProcs()
	c := Cell{Name: w.String(), work: w}
	var contests []*contest
	for _, p := range e.peers {
		if p.does(w) {
			contests = append(contests, &contest{peer: p, rounds: map[string][]float64{}})
		}
	}
	var shares []float64
	if len(contests) == 0 {
		return c
	}
	for n := 0; c.Rounds < e.rounds; n++ {
		e.progress(fmt.Sprintf("%s, round %d of %d", c.Name, c.Rounds+1, e.rounds))
		outcomes, share := e.pass(ctx, w, contests, n)
		if ctx.Err() != nil {
			return c
		}
		if share > tooBusy && c.Repeated < e.rounds {
			c.Repeated++
			continue
		}
		if share > tooBusy {
			c.Disturbed++
		}
		shares = append(shares, share)
		c.Rounds++
		for i, o := range outcomes {
			contests[i].note(o)
		}
	}
	c.Others = sampled(shares).Median
	if math.IsNaN(shares[0]) {
		c.Others = -1
	}
	c.Rows = rows(contests)
	return c
}

// A lapPair is what a peer has brought in a round: the time and the waits are measured apart, as a
// reading of the clock costs as much as a lock.
type lapPair struct{ time, waits outcome }

// pass lets each peer do a round, and returns the share of the machine that was lost meanwhile: to other
// processes, or to neighbours that slow it down.
func (e *effort) pass(ctx context.Context, w work, contests []*contest, n int) ([]lapPair, float64) {
	runtime.GC()
	outcomes := make([]lapPair, len(contests))
	before, _ := readMachine()
	own := ownTime()
	var children uint64
	lost := 0.0
	for i := range contests {
		lost += e.speed.lost() / float64(len(contests))
		i = (i + n) % len(contests)
		if n%2 == 1 {
			i = len(contests) - 1 - i
		}
		c := contests[i]
		if c.err != nil || ctx.Err() != nil {
			continue
		}
		for _, latency := range []bool{false, true} {
			o, err := e.lap(c.peer, w.spec(e.perIteration, e.round, latency))
			if err != nil {
				c.err = err
				break
			}
			if c.foreign {
				children += o.CPUNanos
			}
			if latency {
				outcomes[i].waits = o
			} else {
				outcomes[i].time = o
			}
			if w.kind == crowd {
				break
			}
		}
	}
	after, ok := readMachine()
	if !ok {
		return outcomes, math.NaN()
	}
	return outcomes, max(lost, others(before, after, ownTime()-own+time.Duration(children)))
}

// lap lets p do one lap. On a busy machine its workers may get no processor for a whole lap; then lap
// gives them longer ones.
func (e *effort) lap(p peer, spec foreign.Spec) (o outcome, err error) {
	for range 6 {
		o, err = e.tryLap(p, spec)
		if err != nil || o.Ops > 0 && o.Nanos > 0 {
			return o, err
		}
		spec.Nanos *= 4
	}
	return o, fmt.Errorf("nothing was done in %v", time.Duration(spec.Nanos/4))
}

// tryLap lets p do one lap, in which it may do nothing. If the lap does not end, it stays behind.
func (e *effort) tryLap(p peer, spec foreign.Spec) (outcome, error) {
	type end struct {
		o   outcome
		err error
	}
	done := make(chan end, 1)
	go func() {
		o, err := p.run(spec)
		done <- end{o, err}
	}()
	timeout := time.NewTimer(time.Duration(spec.Nanos) + e.limit)
	defer timeout.Stop()
	select {
	case end := <-done:
		return end.o, end.err
	case <-timeout.C:
		return outcome{}, fmt.Errorf("has not ended after %v", time.Duration(spec.Nanos)+e.limit)
	}
}

// note keeps the figures of a round.
func (c *contest) note(l lapPair) {
	if c.err != nil {
		return
	}
	add := func(figure string, x float64) { c.rounds[figure] = append(c.rounds[figure], x) }
	ops := float64(l.time.Ops)
	add(perOp, float64(l.time.Nanos)/ops)
	if l.time.CPUNanos > 0 {
		add(cpuTime, float64(l.time.CPUNanos)/ops)
	}
	if len(l.time.Shares) > 1 {
		add(index, jain(l.time.Shares))
	}
	if l.time.threads > 0 {
		add(count, float64(l.time.threads))
		add(weight, l.time.bytesEach)
	}
	if l.waits.Ops > 0 {
		add(p50, float64(l.waits.P50))
		add(p99, float64(l.waits.P99))
		add(p999, float64(l.waits.P999))
		add(longest, float64(l.waits.Max))
	}
}

// rows sums up the rounds of all peers.
func rows(contests []*contest) []Row {
	named := func(name string) *contest {
		if i := slices.IndexFunc(contests, func(c *contest) bool { return c.name == name && c.err == nil }); i >= 0 {
			return contests[i]
		}
		return nil
	}
	first, locked := named(baseline), named(lockedSync)
	rows := make([]Row, len(contests))
	for i, c := range contests {
		r := &rows[i]
		r.Peer = c.name
		if c.err != nil {
			r.Error = c.err.Error()
			continue
		}
		r.Figures = map[string]Sample{}
		for figure, rounds := range c.rounds {
			r.Figures[figure] = sampled(rounds)
		}
		if waits := c.rounds[longest]; len(waits) > 0 {
			r.Worst = slices.Max(waits)
		}
		if first != nil {
			r.Ratios = c.against(first)
		}
		if locked != nil && c.threads {
			r.Locked = c.against(locked)
		}
	}
	return rows
}

// against returns the ratios of c's figures to those of other, round by round.
func (c *contest) against(other *contest) map[string]Sample {
	r := map[string]Sample{}
	for figure, rounds := range c.rounds {
		base := other.rounds[figure]
		if len(base) != len(rounds) {
			continue
		}
		if figure == index {
			r[figure] = sampled(differences(rounds, base))
		} else {
			r[figure] = sampled(ratios(rounds, base))
		}
	}
	return r
}
