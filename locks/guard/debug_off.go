// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !osync_debug

package guard

// With the build tag osync_debug package held is told when a lock is handed off to another goroutine; see debug_on.go.

func noteHandOff(locker)  {}
func noteReceived(locker) {}
