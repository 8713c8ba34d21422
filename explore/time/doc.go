// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package time stands in for those functions and types of Go's package time that have to do with the clock, in code
// that is explored. Programs never import it: the explore command puts it in their place while it builds a
// test.
//
// In an explored goroutine the clock is the explorer's: it begins in the year 2000, and goes on when the goroutine
// sleeps or a timer fires. A timer fires at any moment, since a real goroutine may be delayed for any time. Elsewhere
// the functions and types are those of Go's package time.
package time

import (
	"time"

	"github.com/osync-go/osync/explore/internal/engine"
)

// Now returns the current time.
func Now() time.Time {
	if t := engine.Self(); t != nil {
		return engine.Date(t.Now("time.Now"))
	}
	return time.Now()
}

// Since returns the time that has passed since t.
func Since(t time.Time) time.Duration {
	if engine.Self() != nil {
		return Now().Sub(t)
	}
	return time.Since(t)
}

// Until returns the time that is left until t.
func Until(t time.Time) time.Duration {
	if engine.Self() != nil {
		return t.Sub(Now())
	}
	return time.Until(t)
}
