// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import "fmt"

// A thread is identified by a number of our own: self returns that of the calling thread, and
// gives it one if it has none. Neither the pthread_t nor the kernel's id would do, since the
// system uses them again: the new thread would hold the locks that the dead one has left. The caller
// of self is locked to its thread, and has loaded the library. 0 is no number: it says that the C
// library is out of memory.
//
// The number is kept by pthread_setspecific, or beside it, where a read costs less than a call:
// a new thread has no value, wherever its memory has been before.

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
