// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command flightrecorder keeps the last seconds of an execution trace in memory, and writes them to a file when a wait for a
// lock was slow. The part to copy is record.go.
//
//	go run ./examples/watch/flightrecorder
//	go tool trace FILE                          # the name that it has printed
//
// Watch for: "User-defined regions" lists the waits as "osync: prices", with the goroutines that waited; "View trace by
// proc" shows what ran meanwhile. A trace that is started when something is slow begins too late for that.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/examples/watch/internal/shop"
	"github.com/osync-go/osync/locks/watch"
)

const about = `flightrecorder writes the last seconds of an execution trace to a file when a wait for a lock was slow.

Two customers of a shop ask for prices. Now and then Reload reads the price list anew, and keeps the lock meanwhile. One
file is written, as there is at most one a minute.`

func main() {
	dir := flag.String("dir", os.TempDir(), "write the trace to this `folder`")
	threshold := flag.Duration("threshold", 50*time.Millisecond, "waits are slow that are at least so long")
	program.Main(about, func(out io.Writer) error { return run(out, *dir, *threshold) })
}

func run(out io.Writer, dir string, threshold time.Duration) error {
	if threshold <= 0 {
		return errors.New("-threshold must be positive")
	}
	fmt.Fprintf(out, "The flight recorder runs. A wait of %v or longer makes it write a file, at most once a minute.\n\n", threshold)
	var files int
	var failed error
	stop, err := Record(dir, threshold, time.Minute, func(file string, w watch.SlowWait, err error) {
		if err != nil {
			failed = err
			return
		}
		files++
		info, err := os.Stat(file)
		if err != nil {
			failed = err
			return
		}
		fmt.Fprintf(out, "goroutine %d has waited %v for %v: the trace of that moment, with %d kB, opens with\n\n  go tool trace %s\n\n",
			w.Goroutine, w.Lasted.Round(time.Millisecond), w.Lock, info.Size()>>10, file)
	})
	if err != nil {
		return err
	}
	asked := shop.New("prices").Open(2, 2*threshold, 4*threshold, 2*threshold)
	stop()

	fmt.Fprintf(out, "Customers asked for %d prices, and waited for three reloads. The file has the first one:\n"+
		"\"User-defined regions\" lists the waits as \"osync: prices\", and \"View trace by proc\" shows what ran meanwhile.\n", asked)
	if failed == nil && files != 1 {
		failed = fmt.Errorf("%d files were written, not one", files)
	}
	return failed
}
