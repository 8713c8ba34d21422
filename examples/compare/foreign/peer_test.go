// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package foreign

import (
	"errors"
	"strings"
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
		defer p.Close()
		t.Run(p.Name, func(t *testing.T) {
			for _, kind := range []string{Uncontended, Mutex, RWLock, PingPong, Broadcast, Semaphore} {
				testKind(t, p, kind)
			}
		})
	}
}

func testKind(t *testing.T, p *Peer, kind string) {
	const inside = 1000
	workers := map[string]int{Uncontended: 1, Mutex: 4, RWLock: 4, PingPong: 2, Broadcast: 8, Semaphore: 2}[kind]
	for _, latency := range []bool{false, true} {
		s := Spec{Kind: kind, Workers: workers, Reads: 90, InsideIters: inside, Latency: latency}
		var r Result
		// On a busy machine a short round may be over before the workers have begun.
		for d := 20 * time.Millisecond; r.Ops < 100 && d < 10*time.Second; d *= 4 {
			s.Nanos = d.Nanoseconds()
			var err error
			if r, err = p.Run(s); errors.Is(err, errors.ErrUnsupported) {
				t.Log(err)
				return
			} else if err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("%-11s %7d operations, %5d ns each, CPU %v, waits %d %d %d %d ns", kind, r.Ops, r.Nanos/max(1, r.Ops),
			time.Duration(r.CPUNanos), r.P50, r.P99, r.P999, r.Max)
		check(t, s, r)
	}
}

// check checks that r can be what s has brought.
func check(t *testing.T, s Spec, r Result) {
	t.Helper()
	if r.Ops == 0 || r.Nanos == 0 || r.CPUNanos == 0 {
		t.Errorf("%s: a round brought %+v, want no zero", s.Kind, r)
	}
	if s.Kind != Broadcast && r.Nanos < uint64(s.Nanos) {
		t.Errorf("%s: a round of %d ns took %d ns", s.Kind, s.Nanos, r.Nanos)
	}
	ordered := r.P50 <= r.P99 && r.P99 <= r.P999 && r.P999 <= r.Max
	if !ordered || s.Latency != (r.Max > 0) {
		t.Errorf("%s: waits of %d, %d, %d and %d ns, with Latency %v", s.Kind, r.P50, r.P99, r.P999, r.Max, s.Latency)
	}
	switch s.Kind {
	case Uncontended, Mutex, RWLock:
		var sum uint64
		for _, ops := range r.Shares {
			sum += ops
		}
		if sum != r.Ops || len(r.Shares) != s.Workers {
			t.Errorf("%s: %d workers have done %v, want %d operations", s.Kind, s.Workers, r.Shares, r.Ops)
		}
	default:
		if r.Shares != nil {
			t.Errorf("%s: has shares %v", s.Kind, r.Shares)
		}
	}
	// A step of the work takes four cycles, if the compiler has left it whole.
	if s.Kind == Uncontended && r.Nanos < r.Ops*s.InsideIters/2 {
		t.Errorf("%s: %d operations of %d steps took %d ns", s.Kind, r.Ops, s.InsideIters, r.Nanos)
	}
}

// TestRunRefuses gives a peer what it does not have, and a round after its end.
func TestRunRefuses(t *testing.T) {
	peers, missing := Start(t.Context(), func(string) {})
	if len(peers) == 0 {
		t.Skip("there is no peer: ", missing)
	}
	p := peers[0]
	for _, other := range peers[1:] {
		defer other.Close()
	}
	for _, s := range []Spec{
		{Kind: "dance", Workers: 1},
		{Kind: Mutex, Workers: 0},
		{Kind: Mutex, Workers: maxWorkers + 1},
		{Kind: PingPong, Workers: 3},
		{Kind: Uncontended, Workers: 2},
	} {
		if r, err := p.Run(s); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("Run(%+v) = %+v, %v, want ErrUnsupported", s, r, err)
		}
	}
	s := Spec{Kind: Mutex, Workers: 64, Nanos: 1}
	if _, err := p.Run(s); err != nil {
		t.Errorf("Run(%+v): %v", s, err)
	}
	p.Close()
	if r, err := p.Run(s); err == nil {
		t.Errorf("Run after Close = %+v, want an error", r)
	}
}

// TestMissing starts the peers where there is no compiler.
func TestMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	peers, missing := Start(t.Context(), func(text string) { t.Error(text) })
	if len(peers) > 0 || len(missing) != len(programs()) {
		t.Errorf("Start without compilers = %v, %q, want a line for each of %d", peers, missing, len(programs()))
	}
	for _, line := range missing {
		if !strings.Contains(line, ": install ") || strings.Contains(line, "\n") {
			t.Errorf("a missing peer's line is %q, want one that says what to install", line)
		}
	}
}
