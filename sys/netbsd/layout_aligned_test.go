// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build netbsd && !386

package netbsd

// timespecSize is 16: a 64-bit number is aligned to 8 bytes.
const timespecSize = 16
