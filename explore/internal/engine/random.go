// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import (
	"math/bits"
	"math/rand/v2"
	"time"
)

// sampling is shared by the strategies that explore only some executions: they go on until the bound on the number of
// executions or on the time is reached, which the explorer checks.
type sampling struct {
	x   *execution
	rng *rand.Rand
}

func (s *sampling) begin(x *execution)             { s.x = x }
func (s *sampling) node() int                      { return -1 }
func (s *sampling) races(*Thread, *object, Access) {}
func (s *sampling) prevented(*Thread)              {}
func (s *sampling) cut()                           {}
func (s *sampling) end() bool                      { return true }
func (s *sampling) number(n int) int               { return s.rng.IntN(n) }
func newRNG(seed uint64) *rand.Rand                { return rand.New(rand.NewPCG(seed, 0)) }
func seedOr(seed uint64) uint64 {
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	return seed
}

// eager returns the threads that have not yielded, or all if there are none.
func (s *sampling) eager(enabled set) set {
	rest := enabled
	for i, t := range s.x.threads {
		if t.yielded {
			rest &^= only(i)
		}
	}
	if rest == 0 {
		return enabled
	}
	return rest
}

// A walk chooses each thread with the same probability.
type walk struct{ sampling }

func (w *walk) thread(enabled set) int {
	enabled = w.eager(enabled)
	for skip := w.rng.IntN(bits.OnesCount32(uint32(enabled))); skip > 0; skip-- {
		enabled &= enabled - 1
	}
	return bits.TrailingZeros32(uint32(enabled))
}

// pct gives each thread a random priority and runs the one with the highest, but at depth-1 random
// steps puts the running thread below all others. It finds a bug that depends on the order of depth steps with
// a probability of at least 1/(n·k^(depth-1)), where an execution has n threads and k steps (Burckhardt, Kothari,
// Musuvathi and Nagarakatte, A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS
// 2010). A thread that yields or spins lets the others run first.
type pct struct {
	sampling
	depth    int
	steps    int // of the longest execution so far
	priority [MaxThreads]uint64
	low      uint64 // the next priority below all
	changes  []int
}

func (p *pct) begin(x *execution) {
	p.sampling.begin(x)
	for i := range p.priority {
		p.priority[i] = 1<<32 + p.rng.Uint64()>>2
	}
	p.low = 1 << 32
	p.changes = p.changes[:0]
	for range p.depth - 1 {
		p.changes = append(p.changes, p.rng.IntN(max(p.steps, 1)))
	}
}

func (p *pct) end() bool {
	p.steps = max(p.steps, len(p.x.events))
	return true
}

func (p *pct) thread(enabled set) int {
	for i, t := range p.x.threads {
		if t.yielded && enabled.has(i) {
			p.lower(i)
			t.yielded = false
		}
	}
	best := p.highest(enabled)
	for _, at := range p.changes {
		if at == len(p.x.events) {
			p.lower(best)
			best = p.highest(enabled)
		}
	}
	return best
}

func (p *pct) lower(thread int) {
	p.low--
	p.priority[thread] = p.low
}

func (p *pct) highest(enabled set) int {
	best := -1
	for rest := enabled; rest != 0; rest &= rest - 1 {
		if id := bits.TrailingZeros32(uint32(rest)); best < 0 || p.priority[id] > p.priority[best] {
			best = id
		}
	}
	return best
}
