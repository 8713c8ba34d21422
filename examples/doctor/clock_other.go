// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !windows

package main

import "time"

// A moment is a reading of the clock.
type moment struct{ time.Time }

func now() moment { return moment{time.Now()} }

// elapsed returns the time since m.
func (m moment) elapsed() time.Duration { return time.Since(m.Time) }
