// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Osyncvet reports mistakes in the use of locks that the compiler and go vet do not detect: those of osync, and of package sync.
//
//	go install github.com/osync-go/osync/tools/osyncvet@latest
//	osyncvet ./...
//	go vet -vettool=$(which osyncvet) ./...
//
// Both commands report the same; the second one caches its results.
// Each analyzer has a flag of its name: -relock=false runs all but relock, and -relock runs only that.
// "osyncvet help relock" explains it. A comment "//osyncvet:ignore relock reason" at the end of a line, or
// on a line of its own above it, silences an analyzer for that line.
package main

import (
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/multichecker"
)

// analyzers are all analyzers, in the order in which the README describes them.
var analyzers = []*analysis.Analyzer{
	threadOwner,
	condLoop,
	lockCopy,
	relock,
	waitLimit,
	ignored,
	deferLock,
	goAdd,
	guardUse,
	typeArgs,
}

func main() { multichecker.Main(analyzers...) } // and unitchecker's, if go vet calls it
