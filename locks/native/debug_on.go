// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package native

import (
	"unsafe"

	"github.com/osync-go/osync/locks/internal/held"
)

const debugging = true

// notHeld reports that a goroutine does not hold a lock. Package held does not track the locks of this package, so its
// AssertHeld always fails for them.
func notHeld(lock unsafe.Pointer, typ string) { held.AssertHeld(lock, typ, held.Write) }
