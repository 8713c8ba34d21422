// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"context"
	"fmt"
	"log/slog"
	"path"
	"strings"
	"time"

	"github.com/osync-go/osync/locks/watch"
)

// Log logs each wait for a lock that lasts for threshold or longer. The level says how long: it is Info, from 10 times
// the threshold on Warn, and from 100 times on Error. A wait is logged while it lasts, as it reaches each level, and
// once when it has ended. A lock that is never unlocked is thus logged three times.
//
// Log leaves out waits for something to happen, such as those of workers for work, which are long when all is well.
//
// stop ends the logging. It first logs the waits that have ended before, and returns when that is done.
func Log(l *slog.Logger, threshold time.Duration) (stop func()) {
	stops := []func(){
		watch.OnSlow(threshold, func(w watch.SlowWait) { logWait(l, w, threshold) }),
	}
	for _, longer := range []time.Duration{10 * threshold, 100 * threshold} {
		stops = append(stops, watch.OnSlow(longer, func(w watch.SlowWait) {
			if !w.Ended { // the first one logs the end
				logWait(l, w, threshold)
			}
		}))
	}
	return func() {
		for _, stop := range stops {
			stop()
		}
	}
}

func logWait(l *slog.Logger, w watch.SlowWait, threshold time.Duration) {
	if !w.Exclusion {
		return
	}
	level, message := slog.LevelInfo, "waits for a lock"
	switch {
	case w.Lasted >= 100*threshold:
		level = slog.LevelError
	case w.Lasted >= 10*threshold:
		level = slog.LevelWarn
	}
	if w.Ended {
		message = "waited for a lock"
	}
	attrs := []slog.Attr{
		slog.Duration("lasted", w.Lasted),
		slog.Group("lock", "name", w.Lock.Name, "type", w.Lock.Type, "addr", fmt.Sprintf("%#x", w.Lock.Addr)),
		slog.Group("waiter", "goroutine", w.Goroutine, "for", w.For, at(w.Stack)),
	}
	if w.LimitReached {
		attrs = append(attrs, slog.Bool("limit_reached", true))
	}
	if w.UnlockedBy.Goroutine != 0 {
		attrs = append(attrs, slog.Group("unlocker", "goroutine", w.UnlockedBy.Goroutine, at(w.UnlockedBy.Stack)))
	}
	if w.Dropped > 0 { // waits that are not logged, as the log was too slow
		attrs = append(attrs, slog.Int("dropped", w.Dropped))
	}
	l.LogAttrs(context.Background(), level, message, attrs...)
}

// at says where a goroutine called osync, as "cache.(*Cache).get cache.go:12". It returns no attribute if that is not known.
func at(s watch.Stack) slog.Attr {
	for _, f := range s {
		if !strings.HasPrefix(f.Function, "github.com/osync-go/osync/locks") {
			return slog.String("at", fmt.Sprintf("%s %s:%d", path.Base(f.Function), path.Base(f.File), f.Line))
		}
	}
	return slog.Attr{}
}
