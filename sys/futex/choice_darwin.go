// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"sync"
	"sync/atomic"
	"syscall"
)

// only, if set when the program is linked, names the one way to take. It is for tests,
// each way being worth a full run:
//
//	go test -ldflags=-X=github.com/osync-go/osync/sys/futex.only=pthread ./...
var only string

// chosen returns the first way that works here. It finds out when it is first called,
// which takes some microseconds.
var chosen = sync.OnceValue(func() way {
	for v := viaOSSync; v < viaPthread; v++ {
		if (only == "" || only == wayNames[v]) && v.works() {
			return v
		}
	}
	if only != "" && only != wayNames[viaPthread] {
		panic("futex: this system has no way to wait called " + only)
	}
	initBuckets()
	return viaPthread
})

// works tries the calls of a way. A system that lacks one answers ENOSYS; one that has
// them answers what is tried here as its header says.
func (v way) works() bool {
	word := new(atomic.Uint32)
	if v.sleep(word, 1, noLimit, Private) != 0 { // the word differs
		return false
	}
	for _, all := range []bool{false, true} {
		if v.wake(word, all, Private) != syscall.ENOENT {
			return false
		}
	}
	for range 1000 { // more signals in a row than a thread ever gets
		switch v.sleep(word, 0, now()+1, Private) {
		case syscall.ETIMEDOUT:
			return true
		case 0, syscall.EINTR, syscall.EFAULT, syscall.ENOMEM:
		default:
			return false
		}
	}
	return false
}

func backend() string { return wayNames[chosen()] }
