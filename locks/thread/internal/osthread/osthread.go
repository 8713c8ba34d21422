// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package osthread is what package thread asks of the system about the calling thread,
// the same on each. The caller is locked to its thread. What a system lacks is
// [errors.ErrUnsupported].
package osthread

// Levels is the number of priorities; the middle one is the normal one.
const Levels = 5
