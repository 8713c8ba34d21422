// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pin

import (
	"unsafe"

	"github.com/osync-go/osync/explore/hook"
)

// The table of the pinned goroutines would have steps in each wait, and is sorted by addresses. TestPinnedEnds
// covers it.

func Here() bool { return Current() != nil }

func Current() any { return *hook.Local(unsafe.Pointer(&all)) }

func Add(value any) { *hook.Local(unsafe.Pointer(&all)) = value }

func Remove() { *hook.Local(unsafe.Pointer(&all)) = nil }
