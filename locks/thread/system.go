// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/osync-go/osync/locks/thread/internal/osthread"
)

// SetName, SetPriority, SetAffinity and SetRealtime change the thread itself, so it ends with the
// goroutine, as after Discard.

// SetName gives the calling thread a name for debuggers and monitors. The name is cut, after a whole character, to the
// system's limit: 15 bytes on Linux and NetBSD, 63 on macOS, 1024 on Windows, 19 on FreeBSD, 16 on DragonFly, 23 on
// OpenBSD. It panics if the goroutine is not pinned.
//
// For a name with a zero byte the error is an [os.ErrInvalid]. On systems without a binding it is
// [errors.ErrUnsupported].
func SetName(name string) error {
	current("SetName")
	if strings.IndexByte(name, 0) >= 0 {
		return fmt.Errorf("thread: SetName: the name has a zero byte: %w", os.ErrInvalid)
	}
	return changed("SetName", osthread.SetName(cut(name, osthread.MaxName)))
}

// cut returns as many whole characters of name as fit into room bytes.
func cut(name string, room int) string {
	if len(name) <= room {
		return name
	}
	for end := room; end > room-utf8.UTFMax && end >= 0; end-- {
		if utf8.RuneStart(name[end]) {
			return name[:end]
		}
	}
	return name[:room] // not UTF-8
}

// A Priority is a coarse rank in the order in which the system prefers threads.
type Priority int

// The priorities, and their meaning on each system:
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

// SetPriority sets the priority of the calling thread. The thread first leaves the class of [SetRealtime], even
// if the system then refuses the priority. It panics if the goroutine is not pinned.
//
// On Linux, a process that the thread starts inherits the priority; let another goroutine start processes that must
// not. Goroutines that the thread starts run on ordinary threads.
//
// Errors are those of the system, and say what is required: on Linux [syscall.EACCES] or [syscall.EPERM] for a priority
// above the present one without CAP_SYS_NICE, on macOS EPERM for a thread with a policy of its own; all of them are an
// [os.ErrPermission]. If p is not one of the constants, the error is an [os.ErrInvalid], and nothing changes. On
// systems without a binding it is [errors.ErrUnsupported].
func SetPriority(p Priority) error {
	t := current("SetPriority")
	if p < Lowest || p > Highest {
		return fmt.Errorf("thread: SetPriority: %d is not from %d to %d: %w", p, Lowest, Highest, os.ErrInvalid)
	}
	if err := t.realtime.Leave(); err != nil {
		return wrap("SetPriority", err)
	}
	return changed("SetPriority", osthread.SetPriority(int(p-Lowest), &t.realtime))
}

// SetAffinity restricts the calling thread to the given CPUs, which are numbered from 0. It panics if the
// goroutine is not pinned.
//
// A CPU that the machine or the process does not have, or an empty list, is an error and changes nothing. The error is
// [syscall.EINVAL] on Linux and ERROR_INVALID_PARAMETER on Windows. On systems without affinity, such as macOS, it is
// [errors.ErrUnsupported].
//
// On Linux, a process that the thread starts is bound to the same CPUs; let another goroutine start processes that must
// not be. Goroutines that the thread starts run on threads that are not bound.
//
// On Linux the numbers may be up to 65,535. On Windows the numbers continue through the groups of up to 64 processors:
// with 64 in group 0, CPU 64 is the first one of group 1. On a Windows machine with several groups the CPUs are
// selected as CPU sets, which the system ignores while all of the CPUs are parked or given to another process; before
// Windows 11 they must be in one group, or the error is ErrUnsupported.
func SetAffinity(cpus ...int) error {
	current("SetAffinity")
	err := osthread.SetAffinity(cpus)
	if err != nil && !errors.Is(err, errors.ErrUnsupported) {
		err = fmt.Errorf("CPUs %v: %w", slices.Clone(cpus), err)
	}
	return changed("SetAffinity", err)
}

// Affinity returns the CPUs on which the calling thread may run, as [SetAffinity] numbers them, in order. It panics if
// the goroutine is not pinned. On systems without affinity the error is [errors.ErrUnsupported].
func Affinity() ([]int, error) {
	current("Affinity")
	cpus, err := osthread.Affinity()
	return cpus, wrap("Affinity", err)
}

// Yield lets another thread run, if one is ready: sched_yield on Linux, macOS and the BSDs, SwitchToThread on
// Windows, and elsewhere [runtime.Gosched].
func Yield() { osthread.Yield() }

// changed records that the calling thread was changed, unless err says that the change failed.
func changed(name string, err error) error {
	if err != nil {
		return wrap(name, err)
	}
	current(name).discarded = true
	return nil
}

// wrap adds the name of the function that failed to err.
func wrap(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("thread: %s: %w", name, err)
}
