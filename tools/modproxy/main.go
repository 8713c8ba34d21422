// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Modproxy makes a module proxy from a commit of the tree, as if its modules had been released. It shows the effect of
// a release on its users before there is one.
//
//	GOWORK=off go -C tools run ./modproxy -try
//
// The zip files are those that the public proxy will make: both come from golang.org/x/mod/zip.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
)

const usage = `usage: GOWORK=off go -C tools run ./modproxy [flags]

Modproxy packs the modules of a commit that a release has, and prints the size, the number of files, the checksum and
the largest files of each. It fails if a module has a file that is not text, if "go run module@version" could not use
its go.mod, or if it requires a version of another of these modules that is not the one to be released.

  modproxy                 what a release of the last commit would have
  modproxy -o DIR          the same, and a proxy: GOPROXY=file://DIR,$(go env GOPROXY) GONOSUMDB=github.com/osync-go/*
  modproxy -try            runs what README.md tells users to run without a clone, in an empty module cache
  modproxy -tags           the tags of the release, one a line

flags:
`

// options holds the values of the command line.
type options struct {
	repo, rev, version, out string
	try, tags               bool
	largest                 int
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run is the command. It returns its exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	fs := flag.NewFlagSet("modproxy", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&o.repo, "repo", "", "a `folder` in the repository; by default the current one")
	fs.StringVar(&o.rev, "rev", "HEAD", "the `commit` to pack; what is not committed is left out")
	fs.StringVar(&o.version, "version", "", "the `version` of all modules; by default the one that examples/go.mod requires")
	fs.StringVar(&o.out, "o", "", "where to make the proxy: a `folder` that is empty or not there")
	fs.BoolVar(&o.try, "try", false, "run the commands of users, with the proxy")
	fs.BoolVar(&o.tags, "tags", false, "print the tags only")
	fs.IntVar(&o.largest, "largest", 5, "how many of the largest files of each module to print")
	fs.Usage = func() {
		fmt.Fprint(stderr, usage)
		fs.PrintDefaults()
	}
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case fs.NArg() > 0:
		fmt.Fprintf(stderr, "modproxy: what is %q? See -h.\n", fs.Arg(0))
		return 2
	}
	if err := o.do(ctx, stdout); err != nil {
		fmt.Fprintf(stderr, "modproxy: %v\n", err)
		return 1
	}
	return 0
}

func (o options) do(ctx context.Context, stdout io.Writer) error {
	t, err := open(ctx, o.repo, o.rev)
	if err != nil {
		return err
	}
	if o.version == "" {
		if o.version, err = t.requiredVersion(ctx); err != nil {
			return err
		}
	}
	modules, err := t.modules(ctx, o.version)
	if err != nil {
		return err
	}
	if o.tags {
		for _, m := range modules {
			fmt.Fprintln(stdout, m.tag())
		}
		return nil
	}
	tmp, err := os.MkdirTemp("", "modproxy")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if o.out == "" {
		o.out = filepath.Join(tmp, "proxy")
	}
	repo, err := t.borrow(ctx, filepath.Join(tmp, "repo"))
	if err != nil {
		return err
	}
	for _, m := range modules {
		packed, err := t.pack(m, repo, o.out)
		if err != nil {
			return err
		}
		packed.print(stdout, o.largest)
		if err := packed.check(); err != nil {
			return err
		}
	}
	if o.try {
		return try(ctx, t, o.out, stdout)
	}
	return nil
}
