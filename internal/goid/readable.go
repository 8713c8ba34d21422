// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !osync_nolinkname && !go1.28

package goid

// readable says that the number may be read from the runtime's record, which takes 2 ns instead of a
// microsecond or more. The record's layout is internal to Go, so this is for the releases that were
// tested. The build tag osync_nolinkname does without.
const readable = true
