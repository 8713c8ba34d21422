// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native_test

import (
	"testing"
	"unsafe"

	"github.com/osync-go/osync/internal/locktest"
)

// The system's locks have the size of a pointer. Words of four bytes follow, and padding for the
// pointer's alignment.
const (
	word        = unsafe.Sizeof(uintptr(0))
	mutexSize   = 24 // on 32-bit systems, too
	rwMutexSize = (word+4+8+7)/8*8 + 8
	condSize    = 2*word + 8
)

// systemOptions is empty: an SRWLOCK promises no turns, and does not tell how many threads wait.
var systemOptions []locktest.Option

// comeRound returns after how many threads the system most likely reuses an id.
func comeRound(*testing.T) int { return 1000 }
