// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_synctest

package bubble

// Closed reports whether this is a build with the tag osync_synctest: every wait of a goroutine in a bubble
// is durably blocked, and can be ended from inside the bubble only.
const Closed = true
