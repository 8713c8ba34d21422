// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package seamed

func inTest() string { return "seam" }
