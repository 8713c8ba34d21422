// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"errors"
	"fmt"
	"syscall"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// A Realtime is the state that is needed to take a thread out of the real-time class. The zero value is for a thread
// that SetRealtime has not put into it.
type Realtime struct {
	in     bool
	before linux.SchedAttr
}

// Enter puts the calling thread into SCHED_FIFO, with a priority by its period. Threads and processes that it starts
// do not inherit the class.
func (r *Realtime) Enter(period, _ time.Duration) error {
	if !r.in {
		if err := linux.SchedGetattr(0, &r.before, uint32(unsafe.Sizeof(r.before)), 0); err != nil {
			return refusal(err, FIFOPriority(period))
		}
	}
	wanted := FIFOPriority(period)
	if err := withinLimit(wanted, rtprio, setFIFO); err != nil {
		return refusal(err, wanted)
	}
	r.in = true
	return nil
}

// withinLimit calls set with the priority wanted, and if that is refused, with the highest allowed priority.
func withinLimit(wanted uint32, limit func() uint64, set func(priority uint32) error) error {
	err := set(wanted)
	if err == syscall.EPERM {
		if most := limit(); most > 0 && most < uint64(wanted) {
			err = set(uint32(most))
		}
	}
	return err
}

// setFIFO puts the calling thread into SCHED_FIFO.
func setFIFO(priority uint32) error {
	attr := linux.SchedAttr{Policy: unix.SCHED_FIFO, Priority: priority, Flags: unix.SCHED_FLAG_RESET_ON_FORK}
	attr.Size = uint32(unsafe.Sizeof(attr))
	return linux.SchedSetattr(0, &attr, 0)
}

// Leave undoes Enter. It leaves SCHED_FLAG_RESET_ON_FORK, which only a thread with CAP_SYS_NICE may clear.
func (r *Realtime) Leave() error {
	if !r.in {
		return nil
	}
	attr := r.before
	attr.Flags |= unix.SCHED_FLAG_RESET_ON_FORK
	if err := linux.SchedSetattr(0, &attr, 0); err != nil {
		return err
	}
	r.in = false
	return nil
}

// rtprio returns the highest priority in SCHED_FIFO that RLIMIT_RTPRIO allows.
func rtprio() uint64 { return softLimit(unix.RLIMIT_RTPRIO) }

// refusal adds to err what was refused, and the right that it requires.
func refusal(err error, priority uint32) error {
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return fmt.Errorf("sched_setattr of Linux 3.14 is missing, or hidden by a sandbox: %w", err)
	case err == syscall.EPERM && mayNice() && !inUserNamespace():
		return fmt.Errorf("SCHED_FIFO with priority %d is refused in spite of CAP_SYS_NICE, by a security module, or since the cgroup has no cpu.rt_runtime_us: %w", priority, err)
	case err == syscall.EPERM:
		return fmt.Errorf("SCHED_FIFO with priority %d needs %s or RLIMIT_RTPRIO, which is %d (ulimit -r %d, LimitRTPRIO=%d, --ulimit rtprio=%d): %w",
			priority, rights(inUserNamespace()), rtprio(), priority, priority, priority, err)
	default:
		return fmt.Errorf("SCHED_FIFO with priority %d: %w", priority, err)
	}
}
