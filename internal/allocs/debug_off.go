// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !osync_debug

package allocs

// debugging says whether this build uses no Waiter of package park twice.
const debugging = false
