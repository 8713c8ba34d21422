// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import (
	"structs"
	"sync/atomic"
)

// A FutexNUMA is a word with FUTEX2_NUMA in its flags, which is a pair: the word is followed by the
// NUMA node whose table holds the waiters in the kernel.
//
// Node is the number of a node, or FUTEX_NO_NODE. For FUTEX_NO_NODE the kernel chooses a node, and
// stores it in Node before the call returns or sleeps: with FUTEX2_MPOL the node of the memory
// policy of the pair's page, else that of the calling thread. Set it before the first call; waits
// and wakes that see different nodes do not find each other. The calls take &pair.Word and return
// EINVAL for an impossible node, and EFAULT for a pair that cannot be written while Node is
// FUTEX_NO_NODE.
//
// Both halves have the size that the flags say. The kernel has only FUTEX2_SIZE_U32 so far, so the
// pair has 8 bytes, and is aligned to 8, or the calls return EINVAL: in Go's memory it always is.
// With FUTEX2_MPOL alone a word is not a pair: it has 4 bytes, aligned to 4.
//
// Since Linux 6.16. See kernel/futex/core.c, get_futex_key.
type FutexNUMA struct {
	_    structs.HostLayout
	_    [0]atomic.Uint64 // aligns the pair to 8 bytes on 32-bit systems, too
	Word atomic.Uint32
	Node atomic.Uint32
}
