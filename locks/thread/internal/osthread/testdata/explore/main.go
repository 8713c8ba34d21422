// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

// The explorer runs goroutines on whatever thread, the main one too.

func Main() bool { return false }
