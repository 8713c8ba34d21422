// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !osync_nolinkname

package profile

// inside says that fields of package runtime/pprof may be set that it does not export.
const inside = true
