// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import "sync"

// These types of package sync serve pinned threads without change. They are repeated here so that a
// program can replace one import by the other.
type (
	// A Locker can be locked and unlocked. It is [sync.Locker].
	Locker = sync.Locker
	// A Map is a [sync.Map], whose readers take no lock.
	Map = sync.Map
	// A Pool is a [sync.Pool], which is bound to the processors of the Go scheduler.
	Pool = sync.Pool
)
