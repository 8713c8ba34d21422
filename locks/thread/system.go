// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/thread/internal/osthread"
	"github.com/osync-go/osync/sys/futex"
)

// SetName, SetPriority and SetAffinity change the thread itself, which so ends with the
// goroutine, as after Discard.

// SetName gives the calling thread a name for debuggers and monitors. It is cut to what the system
// has room for: 15 bytes on Linux, 63 on macOS, 1024 on Windows. It panics if the goroutine is not
// pinned.
//
// A name with a zero byte is an [os.ErrInvalid]. Systems without a binding answer
// [errors.ErrUnsupported].
func SetName(name string) error {
	current("SetName")
	if strings.IndexByte(name, 0) >= 0 {
		return fmt.Errorf("thread: SetName: the name has a zero byte: %w", os.ErrInvalid)
	}
	return changed("SetName", osthread.SetName(name))
}

// A Priority is a rough place in the order in which the system prefers threads.
type Priority int

// The priorities, and what they are on each system:
//
//	           Linux, nice value   Windows        macOS, quality of service class
//	Lowest     19                  LOWEST         background
//	Low        10                  BELOW_NORMAL   utility
//	Normal     0                   NORMAL         default
//	High       -10                 ABOVE_NORMAL   user initiated
//	Highest    -20                 HIGHEST        user interactive
const (
	Lowest Priority = iota - 2
	Low
	Normal
	High
	Highest
)

// SetPriority sets the priority of the calling thread. It panics if the goroutine is not
// pinned.
//
// Errors are the system's: on Linux [syscall.EACCES] or [syscall.EPERM] for a priority above the present one
// without CAP_SYS_NICE, on macOS EPERM for a thread with a policy of its own; all of them are an
// [os.ErrPermission]. A priority that is none of these is an [os.ErrInvalid]. Systems without a
// binding answer [errors.ErrUnsupported].
func SetPriority(p Priority) error {
	current("SetPriority")
	if p < Lowest || p > Highest {
		return fmt.Errorf("thread: SetPriority: %d is not from %d to %d: %w", p, Lowest, Highest, os.ErrInvalid)
	}
	return changed("SetPriority", osthread.SetPriority(int(p-Lowest)))
}

// SetAffinity lets the calling thread run on the given CPUs alone, which are numbered from 0;
// on Windows within the thread's processor group. It panics if the goroutine is not pinned.
//
// A CPU that the process does not have, or none at all, is an error of the system's, on Linux
// [syscall.EINVAL]. Systems without this, such as macOS, answer [errors.ErrUnsupported].
func SetAffinity(cpus ...int) error {
	current("SetAffinity")
	return changed("SetAffinity", osthread.SetAffinity(cpus))
}

// Affinity returns the CPUs on which the calling thread may run. It panics if the
// goroutine is not pinned. Systems without this answer [errors.ErrUnsupported].
func Affinity() ([]int, error) {
	current("Affinity")
	cpus, err := osthread.Affinity()
	return cpus, wrap("Affinity", err)
}

// Yield lets another thread run, if one is ready: sched_yield on Linux, SwitchToThread on
// Windows, and elsewhere [runtime.Gosched].
func Yield() { osthread.Yield() }

// Sleep blocks the calling thread for at least d. The thread sleeps in the kernel, where the
// system has a binding, and not as a timer of the Go scheduler; a goroutine that
// is not pinned wants [time.Sleep]. In a bubble of testing/synctest it sleeps in real time, and the
// bubble's stands still.
func Sleep(d time.Duration) {
	if d > 0 {
		SleepUntil(time.Now().Add(d))
	}
}

// SleepUntil blocks the calling thread until t, as [Sleep] does for a duration. It returns at once if t has
// passed. If t has a monotonic clock reading, as a sum of [time.Now] and a duration has, changes of the
// wall clock do not move it; otherwise it counts as the duration from now until t. On Windows it may return
// up to a tick of the system's clock too early, 0.5 to 16 ms.
func SleepUntil(t time.Time) { sleepUntil(t, new(atomic.Uint32), nil) }

// sleepUntil is SleepUntil unless word is not 0, which a wake of the futex announces, or done is closed, which is the
// same moment. It reports whether it has slept until t.
func sleepUntil(t time.Time, word *atomic.Uint32, done <-chan struct{}) bool {
	d := time.Until(t)
	if d <= 0 {
		return true
	}
	t = time.Now().Add(d) // with a monotonic clock reading
	for word.Load() == 0 {
		err := futex.WaitUntil(word, 0, t, futex.Private)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return true
		}
		if err != nil { // no binding
			timer := time.NewTimer(time.Until(t))
			defer timer.Stop()
			select {
			case <-timer.C:
				return true
			case <-done:
				return false
			}
		}
	}
	return false
}

// changed notes that the calling thread is another one now, unless that has failed.
func changed(name string, err error) error {
	if err != nil {
		return wrap(name, err)
	}
	current(name).discarded = true
	return nil
}

// wrap says which function has failed.
func wrap(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("thread: %s: %w", name, err)
}
