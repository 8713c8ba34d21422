// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !osync_debug

package watch

import (
	"time"
	"unsafe"
)

func onMistake(func(Mistake)) (restore func()) { return func() {} }

func transfer(unsafe.Pointer, uintptr) {}

func heldFor(time.Duration) (restore func()) { return func() {} }
