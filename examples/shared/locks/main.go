// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Locks is the lock manager of a small container engine: each container has a lock that processes
// share, and its number stands in the container's file.
//
//	go run ./examples/shared/locks                          # a demonstration
//	go run ./examples/shared/locks -dir containers create web db
//	go run ./examples/shared/locks -dir containers start web
//	go run ./examples/shared/locks -dir containers list
//
// The processes are killed and stopped while they hold locks. Watch for what the others learn: which
// process holds a lock, since when, and whether it lives; and for what the next owner of a dead
// process's lock does: it looks at the container, repairs it, and goes on.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/examples/internal/terminal"
)

const usage = `Locks is the lock manager of a small container engine.

usage: locks                               show what it does, in some seconds
       locks -dir DIR create NAME...       make containers, each with a lock
       locks -dir DIR start NAME           start a container: takes its lock for two seconds
       locks -dir DIR start -for 1m NAME   the same, for longer: kill or stop it meanwhile
       locks -dir DIR list                 the locks, with their containers and owners
       locks -dir DIR remove NAME...       remove containers, and free their locks
       locks -dir DIR prune                free locks that belong to no container

Processes that have to wait say for whom. NO_COLOR turns colours off. The exit status is 0, 1
after an error, 2 for a wrong argument, 77 where processes can share no locks.
`

func main() {
	endWithParent()
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run does what the arguments say, and returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("locks", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // it would print its own list of flags
	dir := flags.String("dir", "", "")
	var err error
	if err = flags.Parse(args); err == nil {
		if *dir == "" && flags.NArg() == 0 {
			err = demo(stdout)
		} else {
			err = command(*dir, flags.Args(), stdout)
		}
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case errors.As(err, new(wrongArgument)):
		fmt.Fprintf(stderr, "locks: %v\n\n%s", err, usage)
		return 2
	case errors.Is(err, errors.ErrUnsupported):
		fmt.Fprintln(stderr, "locks: not on this system:", err)
		return program.Unsupported
	case err != nil:
		fmt.Fprintln(stderr, "locks:", err)
		return 1
	}
	return 0
}

// A wrongArgument is an error of the command line.
type wrongArgument string

func (w wrongArgument) Error() string { return string(w) }

// command does one command of a container engine in dir.
func command(dir string, args []string, out io.Writer) error {
	if dir == "" || len(args) == 0 {
		return wrongArgument("it takes a folder and a command")
	}
	do, args := args[0], args[1:]
	flags := flag.NewFlagSet(do, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	busy := flags.Duration("for", 2*time.Second, "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	e, err := openEngine(dir, out)
	if err != nil {
		return err
	}
	defer e.close()
	each := map[string]func(name string) error{
		"create": e.create,
		"remove": e.remove,
		"churn":  e.churn, // for the demonstration
		"start":  func(name string) error { return e.start(name, func() { time.Sleep(*busy) }) },
	}[do]
	switch {
	case do == "list" && flags.NArg() == 0:
		return e.list()
	case do == "prune" && flags.NArg() == 0:
		return e.prune()
	case each == nil || flags.NArg() == 0:
		return wrongArgument(fmt.Sprintf("no such command: %q", strings.Join(append([]string{do}, args...), " ")))
	}
	for _, name := range flags.Args() {
		if err := each(name); err != nil {
			return err
		}
	}
	return nil
}

// paint returns how to colour what is written to out.
func paint(out io.Writer) terminal.Paint { return terminal.Colors(terminal.HasColor(out)) }
