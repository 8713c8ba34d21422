// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !osync_debug

package guard

// With the build tag osync_debug, hand-offs of a lock to another goroutine are reported to package held; see
// debug_on.go.

func noteHandOff(locker)  {}
func noteReceived(locker) {}
