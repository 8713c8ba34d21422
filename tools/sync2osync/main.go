// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Sync2osync moves Go code from package sync and golang.org/x/sync/semaphore to osync's package locks.
//
//	go run github.com/osync-go/osync/tools/sync2osync@latest -diff ./...
//	go run github.com/osync-go/osync/tools/sync2osync@latest ./...
//
// It replaces only imports and the few names that differ. It type checks the result before it writes
// a file; it does not change a package that would not compile, and prints the reason. "sync2osync -h" lists the flags,
// and the README describes what the command does, what it leaves alone and what its notes mean.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// The exit status.
const (
	exitDone   = iota // nothing is left that imports package sync or semaphore
	exitLeft          // something was left alone, or with -diff: something would change
	exitFailed        // a wrong flag, or packages that cannot be loaded, or files that cannot be written
)

const usage = `Sync2osync moves Go code from package sync and golang.org/x/sync/semaphore to github.com/osync-go/osync/locks.

usage: sync2osync [flags] [packages]

It replaces imports, and the names of semaphores that differ. It type checks the result before it writes a
file, and reports packages that would not compile without changing them. The default packages are ./...

`

const usageEnd = `
The exit status is 0 if nothing is left to do, 1 if something was left alone, and 2 if the command failed.
With -diff it is 1 also if a file would change. NO_COLOR=1 prints diffs without colors.
GOOS, GOARCH and CGO_ENABLED select the files that are loaded, as in the go command.
`

// options holds the values of the flags.
type options struct {
	diff   bool
	rename bool
	tests  bool
	tags   string
}

func main() {
	os.Exit(run(os.Args[1:], "", os.Stdout, os.Stderr))
}

// run runs the command in a folder. An empty one is the current folder.
func run(args []string, dir string, stdout, stderr io.Writer) int {
	var o options
	flags := flag.NewFlagSet("sync2osync", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.BoolVar(&o.diff, "diff", false, "print a unified diff, and change no file")
	flags.BoolVar(&o.diff, "n", false, "the same as -diff")
	flags.BoolVar(&o.rename, "rename", false, "write locks.Mutex instead of sync.Mutex; without it imports keep the name sync")
	flags.BoolVar(&o.tests, "test", true, "also change _test.go files; with -test=false only check them")
	flags.StringVar(&o.tags, "tags", "", "the build `tags` to load files for, separated by commas")
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), usage)
		flags.PrintDefaults()
		fmt.Fprint(flags.Output(), usageEnd)
	}
	for _, a := range args {
		if a == "-h" || a == "-help" || a == "--help" {
			flags.SetOutput(stdout) // it was asked for
		}
	}
	switch err := flags.Parse(args); {
	case err == flag.ErrHelp:
		return exitDone
	case err != nil:
		return exitFailed
	}
	patterns := flags.Args()
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}

	progress := newProgress(stderr)
	p, err := load(dir, patterns, o, progress)
	if err == nil {
		p.rewrite()
		err = p.settle(progress)
	}
	progress.done()
	if err != nil {
		fmt.Fprintln(stderr, "sync2osync:", err)
		return exitFailed
	}
	return p.finish(stdout, stderr)
}

// A progress line reports how far the command is, on terminals.
type progress struct {
	w     io.Writer // nil if there is no terminal
	shown bool
}

func newProgress(w io.Writer) *progress {
	if !isTerminal(w) {
		return &progress{}
	}
	return &progress{w: w}
}

func (p *progress) show(format string, args ...any) {
	if p.w != nil {
		fmt.Fprintf(p.w, "\r\x1b[K"+format, args...)
		p.shown = true
	}
}

func (p *progress) done() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// isTerminal reports whether w is a terminal that knows escape sequences.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}

// colored returns a diff with colors.
func colored(diff string) string {
	var b strings.Builder
	for line := range strings.Lines(diff) {
		code := ""
		switch {
		case strings.HasPrefix(line, "---"), strings.HasPrefix(line, "+++"):
			code = "1"
		case strings.HasPrefix(line, "-"):
			code = "31"
		case strings.HasPrefix(line, "+"):
			code = "32"
		case strings.HasPrefix(line, "@@"):
			code = "36"
		}
		if code == "" {
			b.WriteString(line)
			continue
		}
		fmt.Fprintf(&b, "\x1b[%sm%s\x1b[m\n", code, strings.TrimSuffix(line, "\n"))
	}
	return b.String()
}
