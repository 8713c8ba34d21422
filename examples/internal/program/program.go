// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package program is the frame of the example programs: what they say on -h, and how they end.
package program

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Unsupported is the exit status of a program that cannot show its point on this system.
const Unsupported = 77

// Main runs an example and ends the process. The exit status is 0 if all that the program
// claims held, 1 if not, and [Unsupported] if run returns an [errors.ErrUnsupported]. about is
// what -h says before the flags.
func Main(about string, run func(out io.Writer) error) {
	name := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
	flag.Usage = func() {
		fmt.Fprintf(flag.CommandLine.Output(), "%s\n\nUsage: %s [flags]\n", strings.TrimSpace(about), name)
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "%s: takes flags only, not %q; -h lists them\n", name, flag.Arg(0))
		os.Exit(2)
	}
	switch err := run(os.Stdout); {
	case errors.Is(err, errors.ErrUnsupported):
		fmt.Fprintf(os.Stderr, "%s: not on this system: %v\n", name, err)
		os.Exit(Unsupported)
	case err != nil:
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}
