// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Doctor tells what osync finds on this machine, and whether it works here.
//
//	go run ./examples/doctor [-quick] [-json]
//
// One screen shows the system; each of its primitives, whether it is there, since which
// version and what for; where a goroutine and a pinned thread sleep that wait for a lock,
// and why; what an operation costs next to that of package sync, and how long one waits
// for it at the longest; and how late a sleep of a millisecond ends, as a goroutine, as a pinned
// thread, and as one of the real-time class.
//
// "ok" in front of a line means that it was tried just now: goroutines and threads have
// gone to sleep there and were woken. "--" means that this system does not have it, which
// is no failure. A self-test that fails, panics, or has not ended after some seconds is a
// "FAIL", and the exit status is 1.
//
// With -json it prints the same for programs, as a [Report].
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/osync-go/osync/examples/internal/terminal"
)

const usage = `Doctor tells what osync finds on this machine, and whether it works here.

usage: go run ./examples/doctor [-quick] [-json]

  -quick   measure less: all in under two seconds, with wider spreads
  -json    print a JSON object instead of a screen, with everything the screen shows;
           its fields are described in examples/doctor/report.go

How to read the screen:
  ok       tried just now: threads and goroutines went to sleep there and were woken
  --       this system does not have it; that is no failure
  FAIL     the self-test said no, panicked, or had not ended after ` + "%v" + `
  why      the number of the line below the table that says it
  min..max the lowest and the highest of several measurements; before it, their median
  ratio    osync's median divided by that of package sync: below 1, osync is faster;
           in colour where every measurement of the one was below all of the other
  longest  how long one has waited for its turn, at the longest, and beside it the same
           with package sync: medians of some rounds, in which nothing else is measured
  late     how long after its time a sleep ended; its ratio is to the median of time.Sleep

A pinned thread is a goroutine that has its thread for itself, by package locks/thread.
A hand-over passes a turn to another goroutine or thread, which sleeps until then. "8 goroutines" and
"8 threads" want the same lock all the time; those of RWMutex write every tenth time.

Colour is for terminals; the environment variable NO_COLOR turns it off.
The exit status is 0 if all is well, 1 if something failed, 2 for a wrong argument.
`

func main() {
	os.Exit(run(newDoctor(), os.Args[1:], os.Stdout, os.Stderr))
}

// run lets d do what the arguments say, and returns the exit status.
func run(d *doctor, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("doctor", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // it would print its own list of flags
	quick := flags.Bool("quick", false, "")
	asJSON := flags.Bool("json", false, "")
	err := flags.Parse(args)
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(stdout, usage, d.limit)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "doctor: %v\n\n"+usage, err, d.limit)
		return 2
	}

	if *quick {
		d.effort = quickEffort
	}
	progress := terminal.NewProgress(stderr)
	d.progress = progress.Show
	report := d.examine()
	progress.Clear()

	if *asJSON {
		err = printJSON(stdout, report)
	} else {
		err = printText(stdout, report, terminal.HasColor(stdout))
	}
	if err != nil {
		fmt.Fprintln(stderr, "doctor:", err)
		return 1
	}
	if !report.OK {
		return 1
	}
	return 0
}

func printJSON(w io.Writer, r *Report) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}
