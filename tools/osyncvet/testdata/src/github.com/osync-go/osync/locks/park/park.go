// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package park is a stub of the package of that name, with what the tests call.
package park

import (
	"sync/atomic"
	"time"
)

// A Limit says when a wait ends.
type Limit struct{ deadline time.Time }

func For(d time.Duration) Limit { return Limit{} }

func Wait(addr *atomic.Uint32, old uint32)                          {}
func WaitFor(addr *atomic.Uint32, old uint32, d time.Duration) bool { return true }
