// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd

package freebsd

import "structs"

// A Timespec is a time in seconds and nanoseconds, either since the start of a clock or as a duration, depending on the
// call that takes it. Nsec must be 0 to 999,999,999 and Sec must not be negative, or the call returns EINVAL.
//
// It is struct timespec. Its fields are 64 bits long, but on 386 both have 32, and on arm Nsec has.
type Timespec struct {
	_    structs.HostLayout
	Sec  int32
	Nsec int32
}

// maxSec is the largest Sec.
const maxSec = 1<<31 - 1

func setTimespec(t *Timespec, sec, nsec int64) { t.Sec, t.Nsec = int32(sec), int32(nsec) }
