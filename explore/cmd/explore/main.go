// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// The command explore runs the tests of Go packages under every possible order of the steps of their goroutines.
//
// It is "go test" over rewritten source: in the packages under test, and in those of the same module and of osync that
// they import, it replaces package sync, sync/atomic, and others with those under github.com/osync-go/osync/explore,
// and go statements and channel operations with calls into the explorer. It does not modify the files. A test requests
// an exploration with explore.Check.
//
//	go run github.com/osync-go/osync/explore/cmd/explore -run TestMutex ./mylock
//
// It accepts the flags of "go test". Use -h to list the command's own.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/osync-go/osync/explore/internal/rewrite"
)

func main() {
	if len(os.Args) > 1 && strings.HasPrefix(os.Args[1], coverArg) {
		os.Exit(runTool(os.Args[1:]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	c, err := parse(args)
	switch {
	case errors.Is(err, errHelp):
		io.WriteString(stdout, usage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "explore: %v\nRun with -h for the flags.\n", err)
		return 2
	}
	status, err := c.test(ctx, stdout, stderr)
	if ctx.Err() != nil {
		return max(status, 1) // Ctrl-C needs no explanation
	}
	if err != nil {
		fmt.Fprintln(stderr, "explore:", err)
		return 2
	}
	return status
}

// test rewrites the packages and runs "go test".
func (c *command) test(ctx context.Context, stdout, stderr io.Writer) (status int, err error) {
	folder, err := os.MkdirTemp("", "explore")
	if err != nil {
		return 0, err
	}
	if c.work {
		fmt.Fprintln(stderr, "explore: the rewritten files are in", folder)
	} else {
		defer os.RemoveAll(folder)
	}
	o := rewrite.Options{
		Dir: c.dir, Env: c.environ(), BuildFlags: c.build, Patterns: c.patterns, With: c.with, Without: c.without,
		Vars: c.vars, Overlay: c.overlay, Folder: folder,
	}
	if c.verbose {
		o.Verbose = stderr
	}
	overlay, err := rewrite.Rewrite(ctx, o)
	if err != nil {
		if c.unknown != "" && len(c.patterns) == 0 {
			err = fmt.Errorf("%w\nno package is named before %s, which is taken for a flag of the test binary, as neither explore nor go test has it", err, c.unknown)
		}
		return 0, err
	}
	if c.cover {
		flag, err := toolexec(filepath.Join(folder, "overlay.json"))
		if err != nil {
			return 0, err
		}
		overlay.Flags = append(overlay.Flags, flag)
	}
	test := exec.CommandContext(ctx, "go", append(append([]string{"test"}, overlay.Flags...), c.args...)...)
	test.Dir, test.Env = c.dir, overlay.Env
	test.Stdin, test.Stdout, test.Stderr = os.Stdin, stdout, stderr
	// When interrupted, the go command ends its children and removes its files.
	test.Cancel = func() error { return interrupt(test.Process) }
	test.WaitDelay = 10 * time.Second
	err = test.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), nil
	}
	return 0, err
}

// interrupt sends p what Ctrl-C sends, on systems where a process can do that.
func interrupt(p *os.Process) error {
	if err := p.Signal(os.Interrupt); err != nil {
		return p.Kill()
	}
	return nil
}

// environ returns the environment, with the options for package explore in OSYNC_EXPLORE.
func (c *command) environ() []string {
	bounds := c.bounds
	if len(c.replay) > 0 {
		bounds = append(bounds, "flags="+url.QueryEscape(strings.Join(c.replay, "\n")))
	}
	env := os.Environ()
	if len(bounds) > 0 {
		all := append(strings.Fields(os.Getenv("OSYNC_EXPLORE")), bounds...)
		env = append(env, "OSYNC_EXPLORE="+strings.Join(all, " "))
	}
	return env
}
