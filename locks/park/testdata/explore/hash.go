// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/explore/hook"
)

// hash gives each word a bucket of its own, as an address differs from execution to execution.
// TestManyWords covers the tree within a bucket.
func hash(addr *atomic.Uint32) uint64 {
	return uint64(hook.Number(unsafe.Pointer(addr))) << (64 - bucketBits)
}
