// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !windows

package clock

import "time"

// A Moment is a reading of the clock.
type Moment struct{ t time.Time }

// Now returns the present moment.
func Now() Moment { return Moment{time.Now()} }

// Sub returns the time from an earlier moment to m.
func (m Moment) Sub(earlier Moment) time.Duration { return m.t.Sub(earlier.t) }

// Elapsed returns the time since m. It reads the monotonic clock alone, as Now does not.
func (m Moment) Elapsed() time.Duration { return time.Since(m.t) }
