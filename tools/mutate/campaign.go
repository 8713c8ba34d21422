// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// A trial is a mutant before its suites.
type trial struct {
	*mutant
	suites   []*suite
	reason   string  // of the list of survivors
	verdict  string  // caught, late, survived, unbuilt, or "" if it is not known
	suite    string  // that caught it
	outcome  outcome // of that suite
	recalled bool    // from an earlier run
	group    *group
}

const (
	caught   = "caught"
	late     = "caught: time" // a suite ran into its time limit
	survived = "survived"
)

// decide runs the suites in order until one fails. The error is not nil if the outcome is unknown.
func (t *trial) decide(ask func(*suite) (outcome, error)) error {
	for _, s := range t.suites {
		o, err := ask(s)
		if err != nil {
			return err
		}
		t.suite, t.outcome = s.name, o
		switch o.Result {
		case failed:
			t.verdict = caught
			return nil
		case timeout:
			t.verdict = late
			return nil
		case unbuilt:
			t.verdict = unbuilt
			return nil
		}
	}
	t.verdict, t.suite, t.outcome = survived, "", outcome{}
	return nil
}

// A campaign runs many trials.
type campaign struct {
	root   string
	dir    string // for all written files
	jobs   int
	batch  int // how many mutants share a build
	memory *memory
	fresh  bool
	report *report
	builds *builds

	mu     sync.Mutex // guards the group of each trial
	groups int        // so far
	source *group     // without a mutant

	baseMu sync.Mutex // held during a run without a mutant
	took   sync.Map   // the last outcome of each suite without a mutant
}

var errUnknown = errors.New("not known yet")

// run decides all trials. When ctx is done it returns, and some trials are left undecided.
func (c *campaign) run(ctx context.Context, trials []*trial) error {
	var left []*trial
	explores := false
	for _, t := range trials {
		err := t.decide(func(s *suite) (outcome, error) {
			if o, ok := c.recall(t, s); ok {
				return o, nil
			}
			return outcome{}, errUnknown
		})
		if err != nil {
			left = append(left, t)
			explores = explores || slices.ContainsFunc(t.suites, func(s *suite) bool { return s.runner == "explore" })
		} else {
			t.recalled = true
			c.report.decided(t)
		}
	}
	if len(left) == 0 {
		return nil
	}
	var err error
	if c.dir, err = os.MkdirTemp("", "mutate-"); err != nil {
		return err
	}
	defer os.RemoveAll(c.dir)
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	if c.builds, err = openBuilds(filepath.Join(cache, "osync", "mutate", "build"), filepath.Join(c.dir, "build")); err != nil {
		return err
	}
	defer c.builds.lock.Close() // which may be nil
	if explores {
		build := []string{"go", "build", "-o=" + filepath.Join(c.dir, "explore"), "./explore/cmd/explore"}
		if out, err := command(ctx, 10*time.Minute, c.root, []string{"GOWORK=off"}, build); err != nil {
			return fmt.Errorf("building the explorer: %w\n%s", err, out)
		}
	}
	c.source = c.group(nil)
	c.split(left)
	c.report.begin(len(left))
	queue := make(chan *trial)
	var wg sync.WaitGroup
	var once sync.Once
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for range min(c.jobs, len(left)) {
		wg.Go(func() {
			for t := range queue {
				if ctx.Err() != nil {
					continue
				}
				if e := c.try(ctx, t); e != nil && ctx.Err() == nil {
					once.Do(func() { err = fmt.Errorf("%s: %w", t, e) })
					cancel() // the others would fail likewise
				}
			}
		})
	}
	for _, t := range left {
		queue <- t
	}
	close(queue)
	wg.Wait()
	return err
}

// A mutant hangs if a suite takes hangsAfter times as long as without it, and at least hangsLeast, or its limit, which is
// the maximum. A busy machine makes a test take longer, but not that much.
const hangsAfter = 20

var hangsLeast = 5 * time.Second // shorter in a test

// limit returns how long a suite may take with a mutant.
func (c *campaign) limit(s *suite) time.Duration {
	limit := s.limit
	if o, ok := c.took.Load(s); ok {
		took := time.Duration(o.(outcome).Seconds * float64(time.Second))
		limit = max(min(limit, max(hangsLeast, hangsAfter*took)), 8*took) // the last if the machine is very busy
	}
	return limit
}

// cpuLimit returns how many seconds of processor time a suite of the explorer may use with a mutant. Its processor time
// does not depend on the machine's other work, so a small multiple of the time without a mutant shows that it hangs.
func (c *campaign) cpuLimit(s *suite) int {
	o, _ := c.took.Load(s)
	return max(5, int(6*o.(outcome).CPU))
}

// spent reports whether a suite has used up its processor time.
func (c *campaign) spent(s *suite, o outcome) bool {
	return s.runner == "explore" && o.CPU > float64(c.cpuLimit(s))-1
}

// slower runs a suite over g without a mutant again, and reports whether that takes much longer than before. In that
// case the machine has become busy, and a mutant that exceeded the time limit may not hang.
func (g *group) slower(ctx context.Context, s *suite) bool {
	g.c.baseMu.Lock()
	defer g.c.baseMu.Unlock()
	o, err := g.run(ctx, s, nil)
	before, _ := g.c.took.Load(s)
	if err != nil || o.Seconds < 1.5*before.(outcome).Seconds {
		return false
	}
	g.c.took.Store(s, o)
	return true
}

// recall returns the result of an earlier run for a trial.
func (c *campaign) recall(t *trial, s *suite) (outcome, bool) {
	if c.fresh {
		return outcome{}, false
	}
	return c.memory.recall(t.mutant, s)
}

// group makes a group of trials, which may be none.
func (c *campaign) group(trials []*trial) *group {
	c.groups++
	g := &group{c: c, dir: filepath.Join(c.dir, fmt.Sprint(c.groups)), trials: trials}
	for _, t := range trials {
		t.group = g
	}
	return g
}

// split puts trials into groups of mutants of one file, as many as can share a build. It is called with c.mu
// held, or before any trial.
func (c *campaign) split(trials []*trial) {
	for len(trials) > 0 {
		n := 1
		for n < min(len(trials), c.batch) && trials[n].file == trials[0].file && trials[n].batchable && trials[0].batchable {
			n++
		}
		c.group(trials[:n])
		trials = trials[n:]
	}
}

// halve puts the trials of a group that does not compile into two smaller ones.
func (c *campaign) halve(g *group) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if g.trials[0].group == g {
		half := len(g.trials) / 2
		c.group(g.trials[:half])
		c.group(g.trials[half:])
	}
}

// try decides one trial.
func (c *campaign) try(ctx context.Context, t *trial) error {
	for {
		c.mu.Lock()
		g := t.group
		c.mu.Unlock()
		err := t.decide(func(s *suite) (outcome, error) {
			if o, ok := c.recall(t, s); ok {
				return o, nil
			}
			base := g
			if len(g.trials) == 1 {
				base = c.source
			}
			if err := base.base(ctx, s); err != nil {
				return outcome{}, err
			}
			o, err := g.run(ctx, s, t)
			for try := 0; try < 3 && err == nil && o.Result == timeout && !c.spent(s, o) && base.slower(ctx, s); try++ {
				o, err = g.run(ctx, s, t)
			}
			if err == nil && o.Result != unbuilt {
				err = c.memory.note(t.mutant, s, o)
			}
			return o, err
		})
		if err == errUnbuilt {
			c.halve(g)
			continue
		}
		if err != nil {
			t.verdict = ""
			return err
		}
		c.report.decided(t)
		return nil
	}
}

// elapsed is a time in the form that people use.
func elapsed(d time.Duration) string { return d.Round(time.Second).String() }
