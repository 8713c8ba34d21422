// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package osthread provides the functions of the system that package thread needs for the calling
// thread, in the same form for each system. The caller must be locked to its thread. Functions that
// a system lacks return [errors.ErrUnsupported].
package osthread

// Levels is the number of priorities; the middle one is the normal one.
const Levels = 5
