// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package park is a stub of the package of that name, with what the tests call.
package park

import (
	"sync/atomic"
	"time"
)

func Wait(addr *atomic.Uint32, old uint32)                          {}
func WaitFor(addr *atomic.Uint32, old uint32, d time.Duration) bool { return true }
