// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard_test

import (
	"context"
	"fmt"
	"sync"

	"github.com/osync-go/osync/locks/guard"
)

// A phaser is a barrier whose parties come and go, like Java's Phaser.
type phaser struct{ g guard.Mutex[phases] }

type phases struct{ parties, arrived, phase int }

// arrive counts arrivals, and begins the next phase when all parties have arrived.
func (p *phases) arrive(n int) {
	if p.arrived += n; p.arrived >= p.parties {
		p.arrived = 0
		p.phase++
	}
}

func (p *phaser) Join()  { p.g.With(func(p *phases) { p.parties++ }) }
func (p *phaser) Leave() { p.g.With(func(p *phases) { p.parties--; p.arrive(0) }) }

// Wait arrives, and blocks until all parties have arrived. A party that gives up leaves, and the others
// proceed.
func (p *phaser) Wait(ctx context.Context) error {
	var phase int
	p.g.With(func(p *phases) { phase = p.phase; p.arrive(1) })
	err := p.g.WhenContext(ctx, func(p *phases) bool { return p.phase != phase }, func(*phases) {})
	if err != nil {
		p.g.With(func(p *phases) {
			if p.phase == phase {
				p.arrived--
			}
			p.parties--
			p.arrive(0)
		})
	}
	return err
}

// Parties that come and go: a barrier of a few lines, which defines the effect of a party that
// leaves.
func ExampleMutex_When_phaser() {
	var p phaser
	var log guard.Mutex[[3]int] // how many have finished each phase
	var wg sync.WaitGroup
	for rounds := 1; rounds <= 3; rounds++ {
		p.Join()
		wg.Go(func() {
			defer p.Leave()
			for i := range rounds {
				log.With(func(done *[3]int) { done[i]++ })
				p.Wait(context.Background())
			}
		})
	}
	wg.Wait()
	log.With(func(done *[3]int) { fmt.Println(*done) })
	// Output: [3 2 1]
}
