// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import "fmt"

// This package identifies a thread by its own number: self returns that of the calling thread, and
// gives it one if it has none. Neither the pthread_t nor the kernel's id would do, since the system
// reuses them: a new thread would hold the locks that a dead one left. The caller of self must be
// locked to its thread, and have loaded the library. 0 is not a number: it means that the C library
// is out of memory.
//
// The number is stored with pthread_setspecific, or beside it where reading costs less than a call:
// a new thread has no value, whichever thread had its memory before.

// selfKey is the pthread_key_t of the number.
var selfKey uintptr

// makeSelfKey makes selfKey. It is called once, by load.
func makeSelfKey() error {
	key, e := newKey(selfDestructor)
	if e != 0 {
		return fmt.Errorf("pthread: %s: %w", keyCreate.name, e)
	}
	selfKey = key
	return nil
}
