// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"github.com/osync-go/osync/sys/openbsd"
)

// MaxName is the longest name of a thread, in bytes.
const MaxName = openbsd.MAXCOMLEN

// SetName names the calling thread, which it cuts to MaxName bytes.
func SetName(name string) error {
	buf := make([]byte, MaxName+1)
	copy(buf[:MaxName], name)
	return openbsd.Setthrname(0, buf)
}

// SetPriority is not available on OpenBSD, where a priority belongs to the process.
func SetPriority(int, *Realtime) error { return unsupported("priorities of threads") }

// SetAffinity is not available on OpenBSD.
func SetAffinity([]int) error { return unsupported("binding of threads to CPUs") }

// Affinity is not available on OpenBSD.
func Affinity() ([]int, error) { return nil, unsupported("binding of threads to CPUs") }

// A State is the system's description of a thread.
type State struct {
	name [MaxName + 1]byte
}

// Self returns the state of the calling thread. Fields that the system does not report are zero.
func Self() (s State) {
	_ = openbsd.Getthrname(0, s.name[:])
	return s
}

// Yield lets another thread run.
func Yield() { openbsd.SchedYield() }
