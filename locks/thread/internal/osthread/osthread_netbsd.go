// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"syscall"

	"github.com/osync-go/osync/internal/bsd"
	"github.com/osync-go/osync/sys/netbsd"
	"golang.org/x/sys/unix"
)

// MaxName is the longest name of a thread, in bytes.
const MaxName = 15 // MAXCOMLEN, less the final zero

// SetName names the calling thread, which it cuts to MaxName bytes.
func SetName(name string) error {
	buf := make([]byte, MaxName+1)
	copy(buf[:MaxName], name)
	return netbsd.LwpSetname(0, buf)
}

// SetPriority has no binding here: an ordinary user may only lower the priority of a thread, for good.
func SetPriority(int, *Realtime) error {
	return unsupported("priorities of threads that osync knows of")
}

// SetAffinity binds the calling thread to some CPUs.
func SetAffinity(cpus []int) error {
	n, err := unix.SysctlUint32("hw.ncpu")
	if err != nil {
		return err
	}
	set, ok := bsd.CPUSet(cpus, int(n))
	if !ok {
		return syscall.EINVAL
	}
	return netbsd.SchedSetaffinity(0, netbsd.LwpSelf(), set)
}

// Affinity returns the CPUs to which the calling thread is bound.
func Affinity() ([]int, error) {
	n, err := unix.SysctlUint32("hw.ncpu")
	if err != nil {
		return nil, err
	}
	set := make([]uint32, (n+31)/32)
	if err := netbsd.SchedGetaffinity(0, netbsd.LwpSelf(), set); err != nil {
		return nil, err
	}
	return bsd.CPUs(set, int(n)), nil
}

// A State is the system's description of a thread.
type State struct {
	name [MaxName + 1]byte
	cpus [8]uint32 // as many as NetBSD's kernels are built for
}

// Self returns the state of the calling thread. Fields that the system does not report are zero.
func Self() (s State) {
	_ = netbsd.LwpGetname(0, s.name[:])
	for n := len(s.cpus); n > 0; n /= 2 { // a kernel that was built for fewer CPUs accepts no longer set
		if netbsd.SchedGetaffinity(0, netbsd.LwpSelf(), s.cpus[:n]) == nil {
			break
		}
	}
	return s
}

// Yield lets another thread run.
func Yield() { netbsd.SchedYield() }
