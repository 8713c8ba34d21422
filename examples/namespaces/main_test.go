// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"flag"
	"os"
	"testing"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/examples/internal/programtest"
)

// TestMain makes the test binary what the program starts, too.
func TestMain(m *testing.M) {
	role()
	flag.Parse()
	if os.Getenv("OSYNC_EXAMPLE_NAMESPACES") == "inside" {
		os.Args = os.Args[:1] // the flags are those of the tests
		flag.CommandLine = flag.NewFlagSet(os.Args[0], flag.ExitOnError)
		program.Main(about, run)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func Test(t *testing.T) { programtest.Run(t, run) }
