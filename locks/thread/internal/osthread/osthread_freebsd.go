// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"syscall"
	"unsafe"

	"github.com/osync-go/osync/internal/bsd"
	"github.com/osync-go/osync/sys/freebsd"
)

// MaxName is the longest name of a thread, in bytes.
const MaxName = 19 // MAXCOMLEN

// SetName names the calling thread, which it cuts to MaxName bytes.
func SetName(name string) error {
	buf := make([]byte, MaxName+1)
	copy(buf[:MaxName], name)
	return freebsd.ThrSetName(freebsd.ThrSelf(), buf)
}

// SetPriority is not available on FreeBSD: within the class of ordinary threads the scheduler chooses the
// priorities, a nice value belongs to the process, and a thread of the idle class may never run again, even if
// it holds a lock.
func SetPriority(int, *Realtime) error { return unsupported("priorities of ordinary threads") }

// mostCPUs is more than any machine has.
const mostCPUs = 1 << 16

// SetAffinity binds the calling thread to some CPUs.
func SetAffinity(cpus []int) error {
	mask, ok := bsd.CPUMask[uint](cpus, mostCPUs)
	if !ok {
		return syscall.EINVAL
	}
	return bsd.WithRoom(mask, func(mask []uint) error {
		return freebsd.CpusetSetaffinity(freebsd.CPU_LEVEL_WHICH, freebsd.CPU_WHICH_TID, -1, mask)
	}, mostCPUs, syscall.ERANGE)
}

// Affinity returns the CPUs to which the calling thread is bound.
func Affinity() ([]int, error) {
	mask, err := getAffinity()
	return bsd.MaskCPUs(mask), err
}

func getAffinity() ([]uint, error) {
	return bsd.Growing(func(mask []uint) error {
		return freebsd.CpusetGetaffinity(freebsd.CPU_LEVEL_WHICH, freebsd.CPU_WHICH_TID, -1, mask)
	}, mostCPUs, syscall.ERANGE)
}

// A State is the system's description of a thread. It has no name, which the system reports only in a
// list of all threads.
type State struct {
	priority freebsd.Rtprio
	cpus     string
}

// Self returns the state of the calling thread. Fields that the system does not report are zero, such as
// the priority of an ordinary thread, which changes constantly.
func Self() (s State) {
	_ = freebsd.RtprioThread(freebsd.RTP_LOOKUP, 0, &s.priority)
	if s.priority.Type == freebsd.RTP_PRIO_NORMAL {
		s.priority.Prio = 0
	}
	if mask, err := getAffinity(); err == nil {
		s.cpus = string(unsafe.Slice((*byte)(unsafe.Pointer(&mask[0])), len(mask)*int(unsafe.Sizeof(mask[0])))) // all of mask
	}
	return s
}

// Yield lets another thread run.
func Yield() { freebsd.SchedYield() }
