// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package netbsd

// timespecSize is 12: the i386 ABI aligns a 64-bit number to 4 bytes.
const timespecSize = 12
