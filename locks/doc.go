// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package locks is package sync, with deadlines, contexts and pinned threads.
package locks
