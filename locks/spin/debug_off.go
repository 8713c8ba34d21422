// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !osync_debug

package spin

import "unsafe"

const debugging = false

func notHeld(unsafe.Pointer, string) {}
