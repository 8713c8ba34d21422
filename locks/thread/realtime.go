// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"fmt"
	"os"
	"time"
)

// SetRealtime puts the calling thread into a real-time class: it needs computation of processor time in each period, and
// as soon as it wakes. It runs before all ordinary threads of the machine, and before real-time threads with a longer period. It
// panics if the goroutine is not pinned.
//
//	for t := thread.NewTicker(5 * time.Millisecond); ; {
//		t.Next()
//		control() // takes a millisecond at most: SetRealtime(5*time.Millisecond, time.Millisecond)
//	}
//
// What it is, who may have it, and what becomes of a thread that computes for longer than it has said:
//
//	         class                                    right                        overrun
//	Linux    SCHED_FIFO, the priority by the period   root, CAP_SYS_NICE or        goes on; ordinary threads are left
//	                                                  RLIMIT_RTPRIO                5 % of the processor: see sched(7)
//	Windows  MMCSS, task "Pro Audio", the priority    anybody                      goes on; 20 % are left to ordinary
//	         in it by the period                                                   threads
//	macOS    time constraint policy                   anybody                      gives way to other real-time threads;
//	                                                                               ordinary after a second without a sleep
//	FreeBSD  RTP_PRIO_FIFO, the priority by the       root                         goes on
//	         period; DragonFly, too
//
// The computation is a promise, which macOS takes into account, between 50 µs and 50 ms, and others do not check. So the thread must
// sleep in each period, in a [Ticker], a wait for a lock, or a device. On Linux the limit RLIMIT_RTTIME, where it is
// set, ends the process by SIGXCPU if a thread has computed for that long without a sleep.
//
// Linux's SCHED_DEADLINE has a period and a computation, too. But it stops a thread that overruns until the next period, though
// Go's collector may wait for it, and with the collector the whole program; and it forbids SetAffinity. See
// docs/realtime.md for figures.
//
// A second SetRealtime changes the class. The class ends with [SetPriority], of any priority, and with the last [Unpin]. The thread
// ends with the goroutine, as after [Discard]. Goroutines that are started from it run on ordinary threads; processes are ordinary,
// too, but on FreeBSD and DragonFly; on Linux, since 6.12, their sleeps end without slack, as those of the thread do. No class makes Go's scheduler or collector prefer a goroutine: see docs/realtime.md.
//
// A period or computation that is not positive, or a computation longer than the period, is an [os.ErrInvalid]. The
// system's refusal says what it takes: on Linux it is [syscall.EPERM], which is an [os.ErrPermission]. If
// RLIMIT_RTPRIO allows a lower priority than the period's, the thread gets that one. Systems without a
// binding, sandboxes, and a Windows whose service MMCSS does not run answer [errors.ErrUnsupported].
func SetRealtime(period, computation time.Duration) error {
	t := current("SetRealtime")
	if computation <= 0 || computation > period {
		return fmt.Errorf("thread: SetRealtime: %v out of %v: the computation must be positive and no longer than the period: %w",
			computation, period, os.ErrInvalid)
	}
	return changed("SetRealtime", t.realtime.Enter(period, computation))
}
