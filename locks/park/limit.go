// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"context"
	"os"
	"time"

	"github.com/osync-go/osync/internal/mono"
)

// A Limit says when a wait ends without a wake. The zero Limit means never.
type Limit struct {
	deadline time.Time
	ctx      context.Context
}

// Until limits a wait by a time, which counts by the monotonic clock if it has come from
// [time.Now]. The zero Time is no limit.
func Until(deadline time.Time) Limit {
	if deadline.IsZero() {
		return Limit{} // in whatever location
	}
	return Limit{deadline: deadline}
}

// For limits a wait that begins now to a duration. Zero and negative ones are over at once.
// The largest, 292 years, does not overflow.
func For(d time.Duration) Limit { return Limit{deadline: time.Now().Add(d)} }

// Context limits a wait by the end of ctx. A context that can never end is no limit.
// Context panics if ctx is nil, as package context does.
func Context(ctx context.Context) Limit {
	if ctx == nil {
		panic("park: nil context")
	}
	if ctx.Done() == nil {
		return Limit{}
	}
	return Limit{ctx: ctx}
}

// IsZero reports whether l is no limit.
func (l Limit) IsZero() bool { return l.isZero() }

// isZero is IsZero without a copy, which would be a good part of the cost of NewWaiter.
func (l *Limit) isZero() bool { return l.ctx == nil && l.deadline == (time.Time{}) }

// Err returns nil if l is not over yet, and otherwise what a wait would end with:
// [os.ErrDeadlineExceeded] or the cause of the context. A lock asks it where a limit that is over
// is to be told before anything else.
func (l Limit) Err() error {
	switch {
	case l.ctx != nil && l.ctx.Err() != nil:
		return context.Cause(l.ctx)
	case !l.deadline.IsZero() && !time.Now().Before(l.deadline):
		return os.ErrDeadlineExceeded
	}
	return nil
}

// Now returns the time by the monotonic clock, in nanoseconds since some moment before the
// program began.
func Now() int64 { return mono.Now() }
