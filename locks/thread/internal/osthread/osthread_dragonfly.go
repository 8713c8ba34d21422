// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"syscall"

	"github.com/osync-go/osync/internal/bsd"
	"github.com/osync-go/osync/sys/dragonfly"
)

// MaxName is the longest name of a thread, in bytes.
const MaxName = 16 // MAXCOMLEN; newer kernels have room for more

// SetName names the calling thread, which it cuts to MaxName bytes.
func SetName(name string) error {
	buf := make([]byte, MaxName+1)
	copy(buf[:MaxName], name)
	return dragonfly.LwpSetname(dragonfly.LwpGettid(), buf)
}

// SetPriority is not available on DragonFly: within the class of ordinary threads the scheduler chooses the
// priorities, a nice value belongs to the process, and a thread of the idle class may never run again, even if
// it holds a lock.
func SetPriority(int, *Realtime) error { return unsupported("priorities of ordinary threads") }

// SetAffinity binds the calling thread to some CPUs.
func SetAffinity(cpus []int) error {
	var set dragonfly.Cpumask
	mask, ok := bsd.CPUMask[uint64](cpus, 64*len(set))
	if !ok {
		return syscall.EINVAL
	}
	copy(set[:], mask)
	return dragonfly.LwpSetaffinity(0, dragonfly.LwpGettid(), &set)
}

// Affinity returns the CPUs to which the calling thread is bound.
func Affinity() ([]int, error) {
	var set dragonfly.Cpumask
	err := dragonfly.LwpGetaffinity(0, dragonfly.LwpGettid(), &set)
	return bsd.MaskCPUs(set[:]), err
}

// A State is the system's description of a thread.
type State struct {
	name     [MaxName + 1]byte
	priority dragonfly.Rtprio
	cpus     dragonfly.Cpumask
}

// Self returns the state of the calling thread. Fields that the system does not report are zero.
func Self() (s State) {
	tid := dragonfly.LwpGettid()
	_ = dragonfly.LwpGetname(tid, s.name[:])
	_ = dragonfly.LwpRtprio(dragonfly.RTP_LOOKUP, 0, -1, &s.priority)
	_ = dragonfly.LwpGetaffinity(0, tid, &s.cpus)
	return s
}

// Yield lets another thread run.
func Yield() { dragonfly.SchedYield() }
