// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"errors"
	"math/rand/v2"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// zombie is the state of a process that has ended and for which its parent has not waited yet:
// SZOMB.
const zombie = 5

// self identifies this process: the time at which it started, in microseconds, and a number that changes with exec.
var self = sync.OnceValue(func() (p struct{ start, ns uint64 }) {
	p.start, _, _ = started(uint32(os.Getpid()))
	p.ns = rand.Uint64()
	return p
})

// started returns the time at which a process started, and whether it is alive.
func started(pid uint32) (start uint64, lives bool, err error) {
	info, err := unix.SysctlKinfoProc("kern.proc.pid", int(pid))
	if err != nil {
		return 0, false, err
	}
	t := info.Proc.P_starttime
	return uint64(t.Sec)*1e6 + uint64(t.Usec), info.Proc.P_stat != zombie, nil
}

// lives reports whether the process is alive.
func (p process) lives() bool {
	start, lives, err := started(uint32(p >> 32))
	switch {
	case errors.Is(err, unix.ESRCH), errors.Is(err, unix.EIO): // EIO: the answer is empty
		return false
	case err != nil:
		return true
	}
	return lives && uint32(start) == uint32(p)
}
