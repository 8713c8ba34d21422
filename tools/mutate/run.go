// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// An outcome is the result of a suite for a mutant.
type outcome struct {
	Result  string  // passed, failed, timeout or unbuilt
	Test    string  // the first that failed, or a line of the output
	Seconds float64 // that the tests took
	CPU     float64 // seconds of processor time that they used
}

const (
	passed  = "passed"
	failed  = "failed"
	timeout = "timeout"
	unbuilt = "unbuilt" // the compiler rejects the mutant
)

// A group is some mutants of one file that share their builds.
type group struct {
	c      *campaign
	dir    string   // for its files
	trials []*trial // none means the unchanged source

	mu      sync.Mutex
	overlay string
	builds  map[string]*build
	bases   map[*suite]error // of the suites that ran over the group without a mutant
}

// A build is a test binary, or the compiler's error.
type build struct{ binary, broken string }

// errUnbuilt means that a group does not compile.
var errUnbuilt = errors.New("does not compile")

// run runs a suite over t, which is one of the group, or nil. The error is not nil if the outcome of the mutant is
// unknown, for example when ctx is done.
func (g *group) run(ctx context.Context, s *suite, t *trial) (outcome, error) {
	env := slices.Clone(s.env)
	if len(g.trials) > 1 && t != nil {
		env = append(env, numberVar+"="+t.id)
	}
	b, err := g.build(ctx, s)
	if err != nil {
		return outcome{}, err
	}
	if b.broken != "" {
		return outcome{Result: unbuilt, Test: b.broken}, nil
	}
	limit := s.limit
	if t != nil {
		limit = g.c.limit(s)
	}
	script := g.script(s)
	args := append(script, b.binary, "-test.failfast", "-test.paniconexit0", "-test.timeout="+limit.String())
	for _, f := range s.flags {
		args = append(args, "-test."+strings.TrimLeft(f, "-"))
	}
	if !s.race() && script == nil && runtime.GOOS != "windows" {
		// A mutant may allocate without end. The race detector, and Node.js, reserve too much address space for this.
		limits := "ulimit -v 8000000"
		if t != nil && s.runner == "explore" {
			limits += fmt.Sprintf(" && ulimit -t %d", g.c.cpuLimit(s))
		}
		args = append([]string{"sh", "-c", limits + ` && exec "$@"`, "sh"}, args...)
	}
	return test(ctx, s, limit+10*time.Second, filepath.Join(g.c.root, filepath.FromSlash(s.pkg)), env, args)
}

// script returns the beginning of the command lines of s: its runner, if that is a script.
func (g *group) script(s *suite) []string {
	if s.runner == "test" || s.runner == "explore" {
		return nil
	}
	return []string{filepath.Join(g.c.root, filepath.FromSlash(s.runner))}
}

// prepare writes the group's files, and returns the overlay. It is called with g.mu held.
func (g *group) prepare() (overlay string, err error) {
	if g.overlay != "" {
		return g.overlay, nil
	}
	if err := os.MkdirAll(g.dir, 0o777); err != nil {
		return "", err
	}
	replace := map[string]string{}
	if len(g.trials) > 0 {
		m := g.trials[0].mutant
		text := m.text
		if len(g.trials) > 1 {
			var mutants []*mutant
			for _, t := range g.trials {
				mutants = append(mutants, t.mutant)
			}
			text, _ = batch(mutants)
		}
		file := filepath.Join(g.dir, filepath.Base(m.file))
		if err := os.WriteFile(file, text, 0o666); err != nil {
			return "", err
		}
		replace[filepath.Join(g.c.root, filepath.FromSlash(m.file))] = file
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	g.overlay = filepath.Join(g.dir, "overlay.json")
	return g.overlay, os.WriteFile(g.overlay, text, 0o666)
}

// build builds the test binary that s needs, once.
func (g *group) build(ctx context.Context, s *suite) (*build, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	key := s.runner + " " + s.pkg + " " + strings.Join(s.build, " ")
	if b := g.builds[key]; b != nil {
		return b, nil
	}
	overlay, err := g.prepare()
	if err != nil {
		return nil, err
	}
	b := &build{binary: filepath.Join(g.dir, fmt.Sprintf("%d.test", len(g.builds)))}
	args := append(g.script(s), "go", "test")
	if s.runner == "explore" {
		args = []string{filepath.Join(g.c.dir, "explore")}
	}
	args = append(append(args, "-overlay="+overlay, "-c", "-vet=off", "-ldflags=-s -w", "-o="+b.binary), s.build...)
	env := []string{"GOWORK=off"}
	if !s.race() {
		env = append(env, "CGO_ENABLED=0")
	}
	out, err := g.c.builds.run(ctx, g.c.root, env, append(args, s.pkg))
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		b.broken = string(bytes.TrimSpace(out))
	} else if err != nil {
		return nil, err
	}
	if g.builds == nil {
		g.builds = map[string]*build{}
	}
	g.builds[key] = b
	return b, nil
}

// base runs a suite over the group without a mutant, once for all trials. It must pass, on the second attempt at the
// latest, and use so little of its time limit that a mutant that exceeds the limit hangs.
func (g *group) base(ctx context.Context, s *suite) error {
	g.c.baseMu.Lock()
	defer g.c.baseMu.Unlock()
	if err, ok := g.bases[s]; ok {
		return err
	}
	g.c.report.say("suite %s without a mutant", s.name)
	o, err := g.run(ctx, s, nil)
	if err == nil && o.Result != unbuilt && (o.Result != passed || o.Seconds > s.limit.Seconds()/3) {
		o, err = g.run(ctx, s, nil) // the machine may have been busy
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
	case o.Result == unbuilt:
		err = errUnbuilt
		if len(g.trials) == 0 {
			err = fmt.Errorf("suite %s: %s", s.name, o.Test)
		}
	case o.Result != passed:
		err = fmt.Errorf("suite %s fails without a mutant: %s %s", s.name, o.Result, o.Test)
		if len(g.trials) > 0 {
			err = fmt.Errorf("%w; with -batch=1 it may not", err)
		}
	case o.Seconds > s.limit.Seconds()/3:
		err = fmt.Errorf("suite %s takes %.1f s without a mutant, more than a third of its limit of %v", s.name, o.Seconds, s.limit)
	}
	if err == nil {
		g.c.took.Store(s, o)
	}
	if g.bases == nil {
		g.bases = map[*suite]error{}
	}
	g.bases[s] = err
	return err
}

// test runs a command that runs the tests of s.
func test(ctx context.Context, s *suite, limit time.Duration, dir string, env, args []string) (outcome, error) {
	start := time.Now()
	out, used, err := measured(ctx, limit, dir, env, args)
	o, err := verdict(out, err)
	if err != nil {
		return o, fmt.Errorf("suite %s: %w\n%s", s.name, err, out)
	}
	o.Seconds, o.CPU = time.Since(start).Seconds(), used.Seconds()
	return o, nil
}

// errTooLong is the cause of a context whose command took too long.
var errTooLong = errors.New("took too long")

// command runs a command, and kills it with its children after the limit.
func command(ctx context.Context, limit time.Duration, dir string, env, args []string) ([]byte, error) {
	out, _, err := measured(ctx, limit, dir, env, args)
	return out, err
}

// measured is command, and returns the processor time that the command used, too.
func measured(ctx context.Context, limit time.Duration, dir string, env, args []string) ([]byte, time.Duration, error) {
	limited, cancel := context.WithTimeoutCause(ctx, limit, errTooLong)
	defer cancel()
	cmd := exec.CommandContext(limited, args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	cmd.WaitDelay = 5 * time.Second
	var out tail
	cmd.Stdout, cmd.Stderr = &out, &out
	err := runAlone(cmd)
	switch {
	case ctx.Err() != nil:
		return nil, 0, ctx.Err()
	case context.Cause(limited) == errTooLong:
		err = errTooLong
	}
	used := time.Duration(0)
	if p := cmd.ProcessState; p != nil {
		used = p.UserTime() + p.SystemTime()
		if !p.Exited() && p.String() == "signal: killed" {
			err = errTooLong // by the limit of its processor time
		}
	}
	return out.bytes(), used, err
}

// A tail keeps the beginning and the end of an output, which may be endless.
type tail struct{ head, rest []byte }

const kept = 1 << 16

func (t *tail) Write(p []byte) (int, error) {
	n := len(p)
	room := min(kept-len(t.head), n)
	t.head = append(t.head, p[:room]...)
	t.rest = append(t.rest, p[room:]...)
	if len(t.rest) > 2*kept {
		t.rest = slices.Clone(t.rest[len(t.rest)-kept:])
	}
	return n, nil
}

func (t *tail) bytes() []byte { return slices.Concat(t.head, t.rest) }

var (
	running   = regexp.MustCompile(`(?m)^running tests:\n\t(\S+) `)
	failure   = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)
	lastWords = regexp.MustCompile(`(?m)^(?:panic|fatal error): .*`)
)

// incomplete is the output of package explore if it has found nothing within its time.
const incomplete = "explore: the exploration is not complete"

// verdict returns the meaning of the end of a test binary.
func verdict(out []byte, err error) (outcome, error) {
	exit := (*exec.ExitError)(nil)
	switch {
	case err == nil && bytes.Contains(out, []byte("no tests to run")):
		return outcome{}, errors.New("no tests to run")
	case err == nil:
		return outcome{Result: passed}, nil
	case err == errTooLong || bytes.Contains(out, []byte("panic: test timed out after")) || bytes.Contains(out, []byte(incomplete)):
		o := outcome{Result: timeout}
		if m := running.FindSubmatch(out); m != nil {
			o.Test = string(m[1])
		} else if m := failure.FindSubmatch(out); m != nil {
			o.Test = string(m[1])
		}
		return o, nil
	case !errors.As(err, &exit):
		return outcome{}, err
	case bytes.Contains(out, []byte("[build failed]")):
		return outcome{Result: unbuilt, Test: string(out)}, nil
	}
	o := outcome{Result: failed}
	if m := failure.FindSubmatch(out); m != nil {
		o.Test = string(m[1])
	} else if m := lastWords.Find(out); m != nil {
		o.Test = string(m)
	} else {
		o.Test = exit.String()
	}
	return o, nil
}
