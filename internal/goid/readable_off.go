// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_nolinkname || go1.28

package goid

// readable is false: the number is read from a stack dump.
const readable = false
