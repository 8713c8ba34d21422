// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Compare measures osync beside its peers, all in one run.
//
//	go run ./examples/compare [-quick] [-only REGEXP] [-peers REGEXP] [-rounds N] [-round DURATION] [-svg DIR] [-json]
//
// A cell is a work, such as 8 goroutines that share a mutex, with 1 µs in the lock and 1 µs outside.
// All peers do it in turn, round by round, and each round's time is divided by that of package sync
// in the same round. The median of these ratios stands in the tables, with its spread; and the waits'
// percentiles, how even the shares were, and the processor time stand beside it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"time"

	"github.com/osync-go/osync/examples/internal/terminal"
)

const usage = `Compare measures osync beside its peers, all in one run.

usage: go run ./examples/compare [flags]

  -quick           fewer cells, and short rounds: all in less than a minute
  -only REGEXP     only the cells whose name matches, such as 'mutex n=8 ' or 'rwlock|behind'
  -peers REGEXP    only the peers whose name matches; package sync is always there
  -list            print the names of the cells and the peers, and end
  -rounds N        how often each peer does each cell (5; with -quick 3)
  -round DURATION  how long each time (100ms; with -quick 20ms)
  -svg DIR         write charts into this folder, for light and dark paper
  -json            print a JSON object instead of tables; its fields are described
                   in examples/compare/report.go

How to read the tables:
  time/op          the wall time of a round, divided by the operations of all workers
  ratio            to package sync in the same round, the median of all rounds: below 1
                   is better; green if at least three rounds of four are below 1, red if
                   at least three of four are above
  quartiles        half of the rounds lie between these
  p50 .. longest   how long Lock waited: half of the calls, 99 of 100, 999 of 1,000, all;
                   with pingpong, park and semaphore how long a turn took there and back
  ×p99.9, ×longest their ratios to package sync
  Jain             how even the workers' shares were: 1 if all are the same, 1/n if one has all;
                   – where the workers depend on each other
  CPU/op           processor time of all workers, divided by the operations
  sync again       the baseline once more: how far its ratios are from 1 is noise
  others took      the share of the machine that went to other processes, or that was lost as
                   neighbours of a virtual machine slow it down; a round with more
                   than 20 % is repeated, but in all no more often than there are rounds
  DISTURBED        that did not help: such rounds count, so measure again

The last table says what osync aims at: a ratio over all cells of a kind, or the worst of them.
With -quick or -only few of these cells are measured; the column "cells" says how many.

The cells, by name:
  n, in, out       the number of workers; the work in the lock and outside of it
  reads            of 100 operations, how many only read; the others write
  procs            GOMAXPROCS for this cell; without it all processors
  behind           one worker reads while another writes again and again
  pingpong         two workers pass a turn by condition variables; semaphore: by semaphores;
                   park: by what each peer has to put one goroutine or thread to sleep
  broadcast        n workers are woken at once, until the last one has the mutex again
  crowd            n goroutines wait for one mutex, and get it one after the other

The time and the waits are measured in rounds of their own, since two readings of the clock
cost as much as an uncontended lock. The work inside and outside of the lock is a
chain of multiplications, the same in all languages.

Colour is for terminals; the environment variable NO_COLOR turns it off.
Ctrl-C ends early, and still prints the tables of the cells that were measured.
The exit status is 0 unless something is broken: a ratio is never a failure. It is 1 if
something failed or was interrupted, 2 for a wrong argument.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second one ends the program at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run does what the arguments say until ctx ends, and returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // it would print its own list of flags
	isQuick := flags.Bool("quick", false, "")
	only := flags.String("only", "", "")
	peers := flags.String("peers", "", "")
	list := flags.Bool("list", false, "")
	rounds := flags.Int("rounds", 0, "")
	round := flags.Duration("round", 0, "")
	asJSON := flags.Bool("json", false, "")
	charts := flags.String("svg", "", "")
	err := flags.Parse(args)
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	cells, peerNames, err := patterns(err, *only, *peers)
	flags.Visit(func(f *flag.Flag) {
		if err == nil && (f.Name == "rounds" && *rounds <= 0 || f.Name == "round" && *round <= 0) {
			err = fmt.Errorf("-%s is %v, and must be above zero", f.Name, f.Value)
		}
	})
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "compare: %v\n\n%s", err, usage)
		return 2
	}

	e := &effort{rounds: 5, round: 100 * time.Millisecond, limit: 30 * time.Second}
	works := full()
	if *isQuick {
		e.rounds, e.round, works = 3, 20*time.Millisecond, quick()
	}
	if *rounds > 0 {
		e.rounds = *rounds
	}
	if *round > 0 {
		e.round = *round
	}
	for _, w := range works {
		if cells.MatchString(w.String()) {
			e.cells = append(e.cells, w)
		}
	}
	if len(e.cells) == 0 {
		fmt.Fprintf(stderr, "compare: no cell matches -only %q; -list names the cells\n", *only)
		return 2
	}
	if *charts != "" { // a mistake shows now, not after half an hour
		if err := os.MkdirAll(*charts, 0o755); err != nil {
			fmt.Fprintln(stderr, "compare: -svg:", err)
			return 1
		}
	}
	progress := terminal.NewProgress(stderr)
	begin := time.Now()
	r := &Report{System: thisSystem(), Round: float64(e.round) / float64(time.Millisecond)}
	var end func()
	e.peers, r.Notes, end = allPeers(ctx, peerNames, progress.Show)
	defer end()
	for _, p := range e.peers {
		r.Peers = append(r.Peers, Peer{p.name, p.about, p.threads, p.foreign})
	}
	if *list {
		for _, w := range e.cells {
			fmt.Fprintln(stdout, w)
		}
		fmt.Fprintln(stdout)
		for _, p := range e.peers {
			fmt.Fprintf(stdout, "%-17s %s\n", p.name, p.about)
		}
		return 0
	}
	e.perIteration = calibrate()
	r.System.Iteration = e.perIteration

	s := &screen{w: stdout, paint: terminal.Colors(terminal.HasColor(stdout))}
	if *asJSON {
		s.w = io.Discard
	}
	s.system(r)
	expected := e.time()
	for _, w := range e.cells {
		e.progress = func(text string) {
			progress.Show(fmt.Sprintf("%s, %v of about %v", text, time.Since(begin).Round(time.Second), expected.Round(time.Second)))
		}
		c := e.cell(ctx, w)
		progress.Clear()
		if ctx.Err() != nil {
			r.Interrupted = true
			break
		}
		r.Cells = append(r.Cells, c)
		s.cell(&c)
	}
	if r.Interrupted {
		fmt.Fprintf(stderr, "compare: interrupted; %d of %d cells were measured\n", len(r.Cells), len(e.cells))
	}
	r.Targets = targets(r)
	r.Seconds = time.Since(begin).Seconds()
	s.matrices(r)
	s.targets(r)
	if *charts != "" {
		names, err := draw(r, *charts)
		if err != nil {
			fmt.Fprintln(stderr, "compare:", err)
			return 1
		}
		fmt.Fprintf(s.w, "charts in %s: %s\n", *charts, strings.Join(names, ", "))
	}
	if *asJSON {
		e := json.NewEncoder(stdout)
		e.SetIndent("", "  ")
		if err := e.Encode(r); err != nil {
			fmt.Fprintln(stderr, "compare:", err)
			return 1
		}
	}
	return r.status(stderr)
}

// patterns compiles the two regular expressions, unless there is an error already.
func patterns(err error, only, peers string) (*regexp.Regexp, *regexp.Regexp, error) {
	if err != nil {
		return nil, nil, err
	}
	a, err := regexp.Compile(only)
	if err != nil {
		return nil, nil, fmt.Errorf("-only: %w", err)
	}
	b, err := regexp.Compile(peers)
	if err != nil {
		return nil, nil, fmt.Errorf("-peers: %w", err)
	}
	return a, b, nil
}
