// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package foreign

import (
	"errors"
	"testing"
	"time"
)

// TestPeers lets every peer that the machine can build do a short round of each kind.
func TestPeers(t *testing.T) {
	peers, missing := Start(t.Context(), func(text string) { t.Log(text) })
	for _, text := range missing {
		t.Log(text)
	}
	if len(peers) == 0 {
		t.Skip("there is no peer: ", missing)
	}
	for _, p := range peers {
		t.Run(p.Name, func(t *testing.T) {
			defer p.Close()
			for _, kind := range []string{Uncontended, Mutex, RWLock, PingPong, Broadcast, Semaphore} {
				testKind(t, p, kind)
			}
		})
	}
}

func testKind(t *testing.T, p *Peer, kind string) {
	const (
		duration = 20 * time.Millisecond
		inside   = 1000
	)
	workers := map[string]int{Uncontended: 1, Mutex: 4, RWLock: 4, PingPong: 2, Broadcast: 8, Semaphore: 2}[kind]
	for _, latency := range []bool{false, true} {
		s := Spec{Kind: kind, Workers: workers, Reads: 90, InsideIters: inside, Latency: latency, Nanos: duration.Nanoseconds()}
		r, err := p.Run(s)
		if errors.Is(err, errors.ErrUnsupported) {
			t.Log(err)
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%-11s %7d operations, %5d ns each, CPU %v, waits %v %v %v %v", kind, r.Ops, r.Nanos/max(1, r.Ops),
			time.Duration(r.CPUNanos), r.P50, r.P99, r.P999, r.Max)
		if r.Ops == 0 || r.Nanos == 0 || r.CPUNanos == 0 {
			t.Errorf("%s: a round brought %+v, want no zero", kind, r)
		}
		if kind != Broadcast && r.Nanos < uint64(duration) {
			t.Errorf("%s: a round of %v took %d ns", kind, duration, r.Nanos)
		}
		ordered := r.P50 <= r.P99 && r.P99 <= r.P999 && r.P999 <= r.Max
		if !ordered || latency != (r.Max > 0) {
			t.Errorf("%s: waits of %d, %d, %d and %d ns, with Latency %v", kind, r.P50, r.P99, r.P999, r.Max, latency)
		}
		switch kind {
		case Uncontended, Mutex:
			// A step of the work takes four cycles, if the compiler has left it whole.
			if r.Nanos < r.Ops*inside/2 {
				t.Errorf("%s: %d operations of %d steps took %d ns", kind, r.Ops, inside, r.Nanos)
			}
			fallthrough
		case RWLock:
			var sum uint64
			for _, ops := range r.Shares {
				sum += ops
			}
			if sum != r.Ops || len(r.Shares) != workers {
				t.Errorf("%s: %d workers have done %v, want %d operations", kind, workers, r.Shares, r.Ops)
			}
		default:
			if r.Shares != nil {
				t.Errorf("%s: has shares %v", kind, r.Shares)
			}
		}
	}
}
