// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package foreign

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxWorkers is the most workers of a round, as the sources in C have it.
const maxWorkers = 1024

// A Peer is a running program of another language. It does one round at a time.
type Peer struct {
	Name  string
	Kinds []string // the kinds of work that it can do

	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
	stderr bytes.Buffer
}

// Start builds the peers for which there is a compiler, and starts them. For each other one,
// missing has a line that says what to install. What is built stays in the folder osync-compare of
// the user's cache for the next time. The peers end with ctx, or with Close.
func Start(ctx context.Context, progress func(string)) (peers []*Peer, missing []string) {
	cache, err := os.UserCacheDir()
	if err == nil {
		cache = filepath.Join(cache, "osync-compare")
		err = os.MkdirAll(cache, 0o700)
	}
	if err != nil {
		if cache, err = os.MkdirTemp("", "osync-compare-"); err != nil {
			return nil, []string{"C, C++ and Rust: " + err.Error()}
		}
		defer os.RemoveAll(cache)
	}
	for _, p := range programs() {
		path, err := p.build(ctx, cache, progress)
		if err == nil {
			var peer *Peer
			if peer, err = start(ctx, path); err == nil {
				peers = append(peers, peer)
				continue
			}
		}
		missing = append(missing, p.name+": "+err.Error())
	}
	return peers, missing
}

// start starts a program, which first prints its name and its kinds.
func start(ctx context.Context, path string) (*Peer, error) {
	p := &Peer{cmd: exec.CommandContext(ctx, path)}
	p.cmd.Stderr = &p.stderr
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	p.stdin, p.stdout = stdin, bufio.NewReader(stdout)
	line, err := p.readLine(0)
	if err != nil {
		return nil, err
	}
	name, kinds, _ := strings.Cut(line, "\t")
	p.Name, p.Kinds = name, strings.Fields(kinds)
	return p, nil
}

// Run does a round. After an error other than errors.ErrUnsupported the program has ended.
func (p *Peer) Run(s Spec) (Result, error) {
	if !slices.Contains(p.Kinds, s.Kind) {
		return Result{}, fmt.Errorf("%s: %s: %w", p.Name, s.Kind, errors.ErrUnsupported)
	}
	pair := s.Kind == PingPong || s.Kind == Semaphore
	if s.Workers < 1 || s.Workers > maxWorkers || pair && s.Workers != 2 || s.Kind == Uncontended && s.Workers != 1 {
		return Result{}, fmt.Errorf("%s: %s by %d workers: %w", p.Name, s.Kind, s.Workers, errors.ErrUnsupported)
	}
	latency := 0
	if s.Latency {
		latency = 1
	}
	fmt.Fprintln(p.stdin, s.Kind, s.Workers, s.Reads, s.InsideIters, s.OutsideIters, latency, s.Nanos)
	line, err := p.readLine(time.Duration(s.Nanos))
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", p.Name, err)
	}
	r, err := parse(line, s)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", p.Name, err)
	}
	return r, nil
}

// readLine returns the answer to a round of duration d. A program that takes half a minute more, as
// it does after a lost wake-up, is killed.
func (p *Peer) readLine(d time.Duration) (string, error) {
	timer := time.AfterFunc(2*d+30*time.Second, func() { p.cmd.Process.Kill() })
	line, err := p.stdout.ReadString('\n')
	if err == nil && timer.Stop() {
		return strings.TrimSpace(line), nil
	}
	timer.Stop()
	return "", p.end()
}

// end lets the program end, and returns why it has not answered.
func (p *Peer) end() error {
	p.stdin.Close()
	err := cmp.Or(p.cmd.Wait(), io.ErrUnexpectedEOF)
	if said := strings.TrimSpace(p.stderr.String()); said != "" {
		return fmt.Errorf("%w: %s", err, said)
	}
	return err
}

// Close ends the program.
func (p *Peer) Close() { p.end() }

// parse reads the numbers that a round has brought.
func parse(line string, s Spec) (Result, error) {
	words := strings.Fields(line)
	numbers := make([]uint64, len(words))
	for i, word := range words {
		n, err := strconv.ParseUint(word, 10, 64)
		if err != nil {
			return Result{}, err
		}
		numbers[i] = n
	}
	if len(numbers) != 7+s.Workers {
		return Result{}, fmt.Errorf("%d numbers in %q, want 7 and one for each worker", len(numbers), line)
	}
	r := Result{Ops: numbers[0], Nanos: numbers[1], CPUNanos: numbers[2]}
	if s.Latency {
		r.P50, r.P99, r.P999, r.Max = numbers[3], numbers[4], numbers[5], numbers[6]
	}
	switch s.Kind {
	case Uncontended, Mutex, RWLock:
		r.Shares = numbers[7:]
	}
	return r, nil
}
