// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

type parties struct {
	bar     shared.Barrier
	next    atomic.Int64
	leaders atomic.Int64
	at      [8]atomic.Int64 // the round that each party is in
}

const partyRounds = 200

// pass is one party's way through the rounds.
func (p *parties) pass(i int64) error {
	for k := range int64(partyRounds) {
		p.at[i].Store(k)
		leader, err := p.bar.Wait()
		if err != nil {
			return err
		}
		if leader {
			p.leaders.Add(1)
		}
		for j := range p.at {
			if at := p.at[j].Load(); at < k || at > k+1 {
				return fmt.Errorf("party %d is in round %d when %d has passed round %d", j, at, i, k)
			}
		}
	}
	return nil
}

func init() {
	roles["rounds"] = func(args []string) error {
		p, _, err := opened[parties](args[0])
		if err != nil {
			return err
		}
		if err := p.bar.Init(len(p.at)); err != nil {
			return err
		}
		fmt.Println("ready")
		errs := make(chan error)
		for range 2 {
			go func() { errs <- p.pass(p.next.Add(1) - 1) }()
		}
		for range 2 {
			if err := <-errs; err != nil {
				return err
			}
		}
		time.Sleep(time.Hour)
		return nil
	}
}

// TestBarrierRounds has the goroutines of four processes wait for each other.
func TestBarrierRounds(t *testing.T) {
	p, name := placed[parties](t)
	for range 3 {
		worker(t, "rounds", name)
	}
	if err := p.bar.Init(len(p.at)); err != nil {
		t.Fatal(err)
	}
	errs := make(chan error)
	for range 2 {
		go func() { errs <- p.pass(p.next.Add(1) - 1) }()
	}
	for range 2 {
		if err := within(func() error { return <-errs }); err != nil {
			t.Fatal(err)
		}
	}
	waitFor(func() bool { return p.leaders.Load() >= partyRounds })
	if n := p.leaders.Load(); n != partyRounds {
		t.Errorf("%d leaders in %d rounds", n, partyRounds)
	}
}

func init() {
	roles["party"] = func(args []string) error {
		p, _, err := opened[parties](args[0])
		if err != nil {
			return err
		}
		fmt.Println("ready")
		for {
			switch _, err := p.bar.Wait(); {
			case errors.Is(err, shared.ErrBroken):
				time.Sleep(50 * time.Microsecond)
			case err != nil:
				return err
			}
		}
	}
}

// TestKillBarrier kills parties at random times: no round ends well without them, and a round does when they are there again.
func TestKillBarrier(t *testing.T) {
	p, name := placed[parties](t)
	if err := p.bar.Init(4); err != nil {
		t.Fatal(err)
	}
	var workers [3]*exec.Cmd
	for i := range workers {
		workers[i] = worker(t, "party", name)
	}
	broken, rounds := 0, 0
	for range max(*kills/10, 1) {
		if err := within(func() error {
			for passed := 0; passed < 3; {
				switch _, err := p.bar.Wait(); {
				case err == nil:
					passed++
					rounds++
				case errors.Is(err, shared.ErrBroken):
					broken++
					if err := p.bar.Reset(); err != nil {
						return err
					}
				default:
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		i := rand.IntN(len(workers))
		if rand.IntN(2) == 0 {
			time.Sleep(time.Duration(rand.IntN(1000)) * time.Microsecond) // now they wait
		}
		if err := kill(workers[i]); err != nil {
			t.Fatal(err)
		}
		if err := within(func() error {
			if _, err := p.bar.WaitFor(time.Millisecond); !errors.Is(err, os.ErrDeadlineExceeded) && !errors.Is(err, shared.ErrBroken) {
				return fmt.Errorf("a round without one party: %w", err)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		workers[i] = worker(t, "party", name)
	}
	t.Logf("%d rounds, %d broken", rounds, broken)
}

// TestBarrierDeath kills a party while another waits.
func TestBarrierDeath(t *testing.T) {
	p, name := placed[parties](t)
	if err := p.bar.Init(3); err != nil {
		t.Fatal(err)
	}
	w := worker(t, "party", name)
	waitFor(func() bool { return p.bar.Came() == 1 })
	ended := make(chan error)
	go func() { _, err := p.bar.Wait(); ended <- err }()
	waitFor(func() bool { return p.bar.Came() == 2 })
	if err := kill(w); err != nil {
		t.Fatal(err)
	}
	if err := within(func() error { return <-ended }); err != shared.ErrBroken {
		t.Error("a party of the round of the dead:", err)
	}
	if _, err := p.bar.Wait(); err != shared.ErrBroken {
		t.Error("a party of a broken barrier:", err)
	}
	if err := p.bar.Reset(); err != nil {
		t.Error(err)
	}
	if _, err := p.bar.WaitFor(0); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("a party alone:", err)
	}
}

// TestBarrierProcesses has as many processes wait as can, and one more.
func TestBarrierProcesses(t *testing.T) {
	needNative(t)
	p, name := placed[parties](t)
	if err := p.bar.Init(33); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() { worker(t, "party", name) })
	}
	wg.Wait()
	waitFor(func() bool { return p.bar.Came() == 30 })
	if _, err := p.bar.Wait(); err != shared.ErrTooManyParties {
		t.Error(err)
	}
}

func TestBarrierLimits(t *testing.T) {
	p, _ := placed[parties](t)
	if _, err := p.bar.Wait(); err != shared.ErrUninitialized {
		t.Error(err)
	}
	if err := errors.Join(p.bar.Init(2), p.bar.Init(2)); err != nil {
		t.Error(err)
	}
	if err := p.bar.Init(3); !errors.Is(err, shared.ErrInitialized) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(os.ErrProcessDone)
	for name, limited := range map[string]struct {
		wait func() (bool, error)
		want error
	}{
		"WaitFor 0":           {func() (bool, error) { return p.bar.WaitFor(0) }, os.ErrDeadlineExceeded},
		"WaitFor":             {func() (bool, error) { return p.bar.WaitFor(time.Millisecond) }, os.ErrDeadlineExceeded},
		"WaitContext":         {func() (bool, error) { return p.bar.WaitContext(soon(t)) }, context.DeadlineExceeded},
		"WaitContext at once": {func() (bool, error) { return p.bar.WaitContext(ctx) }, os.ErrProcessDone},
	} {
		if leader, err := limited.wait(); leader || !errors.Is(err, limited.want) {
			t.Error(name, leader, err)
		}
		if _, err := p.bar.Wait(); err != shared.ErrBroken {
			t.Errorf("%s has not broken the barrier: %v", name, err)
		}
		if err := p.bar.Reset(); err != nil {
			t.Error(err)
		}
		ended := make(chan error)
		go func() { _, err := p.bar.Wait(); ended <- err }()
		if leader, err := p.bar.WaitFor(time.Hour); err != nil {
			t.Error("after Reset:", leader, err)
		}
		if err := within(func() error { return <-ended }); err != nil {
			t.Error("after Reset:", err)
		}
		// One gives up, and the other gets an error.
		go func() { _, err := p.bar.Wait(); ended <- err }()
		waitFor(func() bool { return p.bar.Came() == 1 })
		if err := p.bar.Reset(); err != nil {
			t.Error(err)
		}
		if err := within(func() error { return <-ended }); err != shared.ErrBroken {
			t.Error("a party at a Reset:", err)
		}
	}
}

// TestBarrierKilledBeforeWake ends a round without waking a waiter, as a leader does that is killed.
func TestBarrierKilledBeforeWake(t *testing.T) {
	p, _ := placed[parties](t)
	if err := p.bar.Init(2); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() { _, err := p.bar.Wait(); ended <- err }()
	waitFor(func() bool { return shared.WaitingAtBarrier(&p.bar) == 1 })
	p.bar.SetRound(1)
	if err := within(func() error { return <-ended }); err != nil {
		t.Fatal(err)
	}
}

// TestBarrierLate asks for the outcome of rounds that ended long ago.
func TestBarrierLate(t *testing.T) {
	p, _ := placed[parties](t)
	if err := p.bar.Init(1); err != nil {
		t.Fatal(err)
	}
	for round := range uint32(200) {
		if round%3 == 0 {
			if err := p.bar.Reset(); err != nil {
				t.Fatal(err)
			}
		} else if leader, err := p.bar.Wait(); !leader || err != nil {
			t.Fatal(leader, err)
		}
		for old := range round {
			want := old%3 == 0 || round+1-old >= 64
			if got := p.bar.WasBroken(old); got != want {
				t.Fatalf("after round %d: round %d was broken: %v", round, old, got)
			}
		}
	}
}

func TestBarrierMisuse(t *testing.T) {
	p, _ := placed[parties](t)
	mustPanic(t, "Init with 0", func() { p.bar.Init(0) })
	var b shared.Barrier
	mustPanic(t, "Wait at a Barrier in no region", func() { b.Wait() })
	mustPanic(t, "Init of a Barrier in no region", func() { b.Init(1) })
	mustPanic(t, "Reset of a Barrier in no region", func() { b.Reset() })
}

func TestBarrierCrowd(t *testing.T) {
	p, _ := placed[parties](t)
	if err := p.bar.Init(1001); err != nil {
		t.Fatal(err)
	}
	crowded(t, 1000, func() error { _, err := p.bar.Wait(); return err },
		sync.OnceValue(func() error { _, err := p.bar.Wait(); return err }))
}

func TestBarrierHostile(t *testing.T) {
	p, _ := placed[parties](t)
	if err := p.bar.Init(3); err != nil {
		t.Fatal(err)
	}
	hostile(t, &p.bar, func() {
		p.bar.WaitFor(100 * time.Microsecond)
		p.bar.Reset()
	})
}
