// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"fmt"
	"os"
	"time"
)

// SetRealtime puts the calling thread into a real-time class, for a thread that needs computation of processor time in
// each period, as soon as it wakes. The thread runs ahead of all ordinary threads of the machine, and of real-time
// threads with a longer period. SetRealtime panics if the goroutine is not pinned.
//
//	for t := thread.NewTicker(5 * time.Millisecond); ; {
//		t.Next()
//		control() // takes a millisecond at most: SetRealtime(5*time.Millisecond, time.Millisecond)
//	}
//
// This table has the class on each system, the right that it requires, and the fate of a thread that
// computes for longer than it said:
//
//	         class                                    right                        overrun
//	Linux    SCHED_FIFO, the priority by the period   root, CAP_SYS_NICE or        goes on; ordinary threads are left
//	                                                  RLIMIT_RTPRIO                5 % of the processor: see sched(7)
//	Windows  MMCSS, task "Pro Audio", the priority    any user                     goes on; 20 % are left to ordinary
//	         in it by the period                                                   threads
//	macOS    time constraint policy                   any user                     gives way to other real-time threads;
//	                                                                               ordinary after a second without a sleep
//	FreeBSD  RTP_PRIO_FIFO, the priority by the       root                         goes on
//	         period; DragonFly, too
//
// The computation is a promise. macOS takes it into account, between 50 µs and 50 ms; other systems do not check it. So
// the thread must sleep in each period, in a [Ticker], in a wait for a lock, or in a wait for a device. On Linux the
// limit RLIMIT_RTTIME, if it is set, ends the process by SIGXCPU if a thread has computed for that long without a
// sleep.
//
// SetRealtime does not use Linux's SCHED_DEADLINE, which has a period and a computation, too. That class stops a thread
// that overruns until the next period, while Go's collector, and with it the whole program, may be waiting for the
// thread. It also forbids SetAffinity. See docs/realtime.md for figures.
//
// A second SetRealtime changes the class. The class ends with [SetPriority], of any priority, and with the last
// [Unpin]. The thread ends with the goroutine, as after [Discard]. Goroutines that the thread starts run on ordinary
// threads. Processes that it starts are ordinary, too, except on FreeBSD and DragonFly; on Linux, since 6.12, their
// sleeps end without slack, as those of the thread do. No class makes Go's scheduler or collector prefer a goroutine;
// see docs/realtime.md.
//
// If period or computation is not positive, or computation is longer than period, SetRealtime returns an error that
// is [os.ErrInvalid]. If the system refuses, the error says what is required: on Linux it is [syscall.EPERM], which
// is an [os.ErrPermission]. If RLIMIT_RTPRIO allows only a lower priority than the period's, the thread gets that
// priority. On systems without a binding, in sandboxes, and on a Windows whose service MMCSS does not run, the
// error is [errors.ErrUnsupported].
func SetRealtime(period, computation time.Duration) error {
	t := current("SetRealtime")
	if computation <= 0 || computation > period {
		return fmt.Errorf("thread: SetRealtime: %v out of %v: the computation must be positive and no longer than the period: %w",
			computation, period, os.ErrInvalid)
	}
	return changed("SetRealtime", t.realtime.Enter(period, computation))
}
