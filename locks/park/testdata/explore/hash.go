// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"slices"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/explore/hook"
)

// together are the words that SameBucket has put into one bucket.
var together []*atomic.Uint32

// hash gives each word a bucket of its own, as an address differs from execution to execution. Those of SameBucket
// share the last bucket, two by two a class. TestManyWords covers the tree within a bucket.
func hash(addr *atomic.Uint32) uint64 {
	if i := slices.Index(together, addr); i >= 0 {
		return bucketMask<<(64-bucketBits) | uint64(i)<<(64-bucketBits-classBits-1)
	}
	return uint64(hook.Number(unsafe.Pointer(addr))) << (64 - bucketBits)
}
