// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package time replaces, in explored code, those functions and types of Go's package time that use the clock. Programs
// never import it: the explore command substitutes it when it builds a test.
//
// In an explored goroutine the clock is the explorer's: it begins in the year 2000, and advances when the goroutine
// sleeps or a timer fires. A timer can fire at any moment, since a real goroutine can be delayed for any length of
// time. Elsewhere the functions and types are those of Go's package time.
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

// Since returns the time elapsed since t.
func Since(t time.Time) time.Duration {
	if engine.Self() != nil {
		return Now().Sub(t)
	}
	return time.Since(t)
}

// Until returns the duration until t.
func Until(t time.Time) time.Duration {
	if engine.Self() != nil {
		return t.Sub(Now())
	}
	return time.Until(t)
}
