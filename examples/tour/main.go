// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command tour walks through the examples, chapter by chapter.
//
//	go run ./examples/tour               what there is
//	go run ./examples/tour ch04          a chapter
//	go run ./examples/tour ch04/spin3    a program
//	go run ./examples/tour -all          everything
//	go run ./examples/tour -html DIR     everything, on pages for a browser
//
// Before each program it says what to watch for, and after it what just happened. The exit
// status is 1 if a program has failed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/osync-go/osync/examples/internal/terminal"
)

const usage = `Tour walks through the programs of the ten chapters: says what to watch for, runs them,
and says what just happened.

usage: go run ./examples/tour [flags] [chapter | chapter/program ...]

  go run ./examples/tour              list the chapters and their programs
  go run ./examples/tour ch04         run the programs of a chapter
  go run ./examples/tour ch04/spin3   run a program
  go run ./examples/tour -all         run everything
  go run ./examples/tour -html DIR    run everything, and write it to DIR as pages for a browser

  -all          run everything
  -html DIR     write pages to DIR: texts, output, charts and sources of the programs (or of
                those that are named). DIR must be empty, new, or hold pages of the tour
  -race         build with the race detector what does not race on purpose
  -timeout d    how long a program may take, as in 30s or 2m (default 1m0s, with -race 5m0s)
  -map          print the map of the examples, which is examples/README.md

It may be started from any folder of the checkout, and needs the go command. A program that
cannot show its point on this system says why, which is no failure.

Colour is for terminals; the environment variable NO_COLOR turns it off.
The exit status is 0 if no program failed, 1 if one did, 2 for a wrong argument.
`

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, chapters, os.Args[1:], os.Stdout, os.Stderr)
	cancel()
	os.Exit(status)
}

// options are what the command line asks for.
type options struct {
	all, race, printMap bool
	html                string // the folder for pages; empty: no pages
	timeout             time.Duration
	names               []string // chapters and programs
}

// run does what the arguments say, and returns the exit status.
func run(ctx context.Context, chapters []chapter, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return 0
	}
	var chosen []stop
	if err == nil {
		chosen, err = choose(chapters, o)
	}
	if err != nil {
		fmt.Fprintf(stderr, "tour: %v; -h explains\n", err)
		return 2
	}
	switch {
	case o.printMap:
		err = printMap(stdout, chapters)
	case len(chosen) == 0:
		list(stdout, chapters)
	case o.html != "":
		ok, err2 := writeBook(ctx, chosen, o, stdout, stderr)
		if err = err2; err == nil && !ok {
			return 1
		}
	default:
		var ok bool
		ok, err = walk(ctx, chosen, o, stdout, stderr)
		if err == nil && !ok {
			return 1
		}
	}
	if err != nil {
		fmt.Fprintln(stderr, "tour:", err)
		return 1
	}
	return 0
}

// parse reads the arguments. Flags may also stand behind names.
func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("tour", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // it would print its own list of flags
	flags.BoolVar(&o.all, "all", false, "")
	flags.BoolVar(&o.race, "race", false, "")
	flags.BoolVar(&o.printMap, "map", false, "")
	flags.StringVar(&o.html, "html", "", "")
	flags.DurationVar(&o.timeout, "timeout", 0, "")
	for {
		if err := flags.Parse(args); err != nil {
			return o, err
		}
		if flags.NArg() == 0 {
			break
		}
		o.names, args = append(o.names, flags.Arg(0)), flags.Args()[1:]
	}
	switch {
	case o.timeout < 0:
		return o, fmt.Errorf("a negative -timeout %v", o.timeout)
	case o.timeout > 0:
	case o.race: // which makes some things ten times as slow
		o.timeout = 5 * time.Minute
	default:
		o.timeout = time.Minute
	}
	return o, nil
}

// list says what there is.
func list(out io.Writer, chapters []chapter) {
	paint := terminal.Colors(terminal.HasColor(out))
	for _, c := range chapters {
		fmt.Fprintf(out, "%s\n", paint(terminal.Bold, c.dir+"  "+c.title))
		for _, e := range c.programs {
			fmt.Fprintf(out, "  %-13s %s\n", e.name, e.shows)
		}
	}
	fmt.Fprintf(out, "\nRun a chapter, a program or everything:\n"+
		"  go run ./examples/tour ch04\n  go run ./examples/tour ch04/spin3\n  go run ./examples/tour -all\n"+
		"or write all of it to pages for a browser:\n  go run ./examples/tour -html DIR\n")
}
