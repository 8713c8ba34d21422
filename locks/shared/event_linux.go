// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"math"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/sys/linux"
)

// orAndWakeAll sets bits among the lower 11, and wakes all sleepers on the word, in one step with respect to
// kills.
func orAndWakeAll(word *atomic.Uint32, bits uint32) {
	op := linux.FutexOp(linux.FUTEX_OP_OR, int32(bits), linux.FUTEX_OP_CMP_EQ, 0)
	if _, err := linux.FutexWakeOp(word, math.MaxInt32, 0, word, op, 0); err != nil {
		word.Or(bits)
		if err != unix.EFAULT {
			wakeAll(word)
		}
	}
}
