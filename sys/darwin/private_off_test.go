// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin && (ios || osync_noulock)

package darwin_test

const privateCalls = false
