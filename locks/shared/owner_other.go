// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin && !windows

package shared

import "time"

func startTime(start uint64) time.Time                           { return time.Time{} }
func state(pid uint32, start, ns uint64) (foreign, stopped bool) { return false, false }
