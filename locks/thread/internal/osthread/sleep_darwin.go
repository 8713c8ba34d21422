// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"time"

	"github.com/osync-go/osync/sys/darwin"
)

// SleepFor blocks the calling thread for d, and reports whether that is possible here. The sleep cannot be
// interrupted.
func SleepFor(d time.Duration, _ *Bell) bool {
	numer, denom := darwin.MachTimebaseInfo()
	deadline := darwin.MachAbsoluteTime() + MachTicks(d, numer, denom)
	for {
		switch darwin.MachWaitUntil(deadline) {
		case nil:
			return true
		case darwin.KERN_ABORTED: // by a signal, such as those of Go's scheduler
		default:
			return false
		}
	}
}
