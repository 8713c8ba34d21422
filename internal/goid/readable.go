// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !osync_nolinkname && !go1.28

package goid

// readable means that the number may be read from the runtime's record, which takes 2 ns instead of
// a microsecond or more. The record's layout is internal to Go, so this is for the releases that
// were tested, and the build tag osync_nolinkname turns it off.
const readable = true
