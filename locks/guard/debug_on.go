// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package guard

import (
	"unsafe"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/internal/held"
)

func noteHandOff(l locker) { held.Transfer(addrOf(l), 1) }

func noteReceived(l locker) { held.Receive(addrOf(l), held.Write) }

func addrOf(l locker) unsafe.Pointer {
	switch l := l.(type) {
	case *locks.Mutex:
		return unsafe.Pointer(l)
	case *locks.RWMutex:
		return unsafe.Pointer(l)
	}
	panic("unreachable")
}
