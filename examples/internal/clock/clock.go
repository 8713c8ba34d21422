// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package clock is the finest monotonic clock of the system, for measuring.
package clock
