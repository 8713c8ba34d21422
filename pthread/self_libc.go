// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !((linux && (386 || amd64 || arm64)) || (freebsd && (amd64 || arm64)))

package pthread

import (
	"sync/atomic"

	"github.com/osync-go/osync/internal/race"
)

// selfDestructor is the destructor of selfKey: none.
const selfDestructor = 0

// lastSelf is the last number that a thread was given.
var lastSelf atomic.Uintptr

// self returns the number of the calling thread, which is the value of selfKey.
func self() uintptr {
	n := getspecific.call(selfKey, 0, 0, 0)
	if n == 0 {
		race.Disable() // counting numbers establishes no order
		n = lastSelf.Add(1)
		race.Enable() // for the call: purego's pool orders its users
		if setspecific.do(selfKey, n, 0) != 0 {
			return 0
		}
	}
	return n
}
