// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command slog logs slow waits for locks with log/slog. The part to copy is slow.go.
//
//	go run ./examples/watch/slog
//	go run ./examples/watch/slog -json | jq .unlocker
//
// Watch for: the unlocker of each wait that has ended is Reload, which keeps the lock while it reads a price list. Each wait
// is logged while it lasts, too, when there is no unlocker yet. The level grows with the wait.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/examples/watch/internal/shop"
)

const about = `slog logs slow waits for locks with log/slog: which lock, for how long, and which goroutine kept it.

A customer of a shop asks for prices. Three times Reload reads the price list anew, and keeps the lock meanwhile. Each
line is a wait that lasts ("waits for a lock") or has ended ("waited for a lock").

Watch for unlocker.at in the lines of waits that have ended: that is where to look. The level grows with the wait.`

func main() {
	threshold := flag.Duration("threshold", 20*time.Millisecond, "log waits that are at least so long")
	json := flag.Bool("json", false, "print the log as JSON and nothing else")
	program.Main(about, func(out io.Writer) error { return run(out, *threshold, *json) })
}

func run(out io.Writer, threshold time.Duration, json bool) error {
	if threshold <= 0 {
		return errors.New("-threshold must be positive")
	}
	reloads := []time.Duration{2 * threshold, 4 * threshold, 20 * threshold}
	var text strings.Builder // what is logged, to look at
	both := io.MultiWriter(out, &text)
	var handler slog.Handler = slog.NewTextHandler(both, nil)
	if json {
		handler, out = slog.NewJSONHandler(both, nil), io.Discard
	}
	fmt.Fprintf(out, "Reload keeps the lock for %v. Logged is each wait of %v or longer, while it lasts and when it has ended.\n"+
		"Watch for unlocker.at, which says where the lock was kept.\n\n", reloads, threshold)

	stop := Log(slog.New(handler), threshold)
	asked := shop.New("prices").Open(1, reloads...)
	stop()

	fmt.Fprintf(out, "\nThe customer asked for %d prices, and waited long for %d of them: because of Reload, say these lines.\n",
		asked, strings.Count(text.String(), "waited for"))
	if !strings.Contains(text.String(), "Reload") {
		return errors.New("the log does not name Reload, which keeps the lock")
	}
	return nil
}
