// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import "github.com/osync-go/osync/sys/futex"

// Backend names where a pinned thread sleeps now: "kernel" and the call it uses, as in
// "kernel (futex)", or "scheduler" where osync has no binding for the system, or where a
// sleeping thread would keep the only processor. Goroutines sleep in the scheduler always.
func Backend() string {
	if kernelSleep() {
		return "kernel (" + futex.Backend() + ")"
	}
	return "scheduler"
}
