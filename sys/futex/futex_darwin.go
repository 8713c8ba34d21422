// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"errors"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

func supported(scope Scope) bool { return scope == Private || chosen() != viaPthread }

// wait sleeps until the word differs, somebody wakes it, or the deadline, which is turned
// into a point in time of the system's clock once: a signal interrupts the sleep but cannot
// stretch it.
func wait(addr *atomic.Uint32, old uint32, deadline time.Time, scope Scope) error {
	if !supported(scope) {
		return errors.ErrUnsupported
	}
	limit := noLimit
	if !deadline.IsZero() {
		left := time.Until(deadline)
		if left <= 0 {
			if addr.Load() != old {
				return nil
			}
			return os.ErrDeadlineExceeded
		}
		limit = clock().after(left)
	}
	for {
		switch errno := chosen().sleep(addr, old, limit, scope); errno {
		case 0:
			return nil
		case syscall.EINTR, syscall.EFAULT, syscall.ENOMEM:
			// A signal; a page that was not there, which the look at the word brings back; a
			// shortage of kernel memory. None says anything about the word.
			if addr.Load() != old {
				return nil
			}
		case syscall.ETIMEDOUT:
			if limit.passed() { // and not only the longest time that the call can take
				return os.ErrDeadlineExceeded
			}
		default:
			return errno
		}
	}
}

func wake(addr *atomic.Uint32, n int, scope Scope) error {
	if !supported(scope) {
		return errors.ErrUnsupported
	}
	switch errno := chosen().wake(addr, n > 1, scope); errno {
	case 0, syscall.ENOENT: // woken, or nobody there
		return nil
	case syscall.EDOM: // others there, of another call: the word was freed before the wake
		return nil
	default:
		return errno
	}
}

// A way is one of the ways in which a thread can sleep on macOS.
type way uint8

const (
	// viaOSSync is os_sync_wait_on_address, Apple's public futex, since macOS 14.4.
	viaOSSync way = iota
	// viaUlock is __ulock_wait2, the private call beneath it. The build tag
	// osync_noulock leaves it out, and iOS never has it.
	viaUlock
	// viaPthread is a table of mutexes and conditions, for what is left.
	viaPthread
)

var wayNames = [...]string{viaOSSync: "os_sync", viaUlock: "ulock", viaPthread: "pthread"}

// sleep blocks the thread while *addr is old, until a wake, for no reason, or until limit.
// It is a single call, whose error it returns: ETIMEDOUT may come before limit.
func (v way) sleep(addr *atomic.Uint32, old uint32, limit ticks, scope Scope) syscall.Errno {
	switch v {
	case viaOSSync:
		return osSyncSleep(addr, old, limit, scope)
	case viaUlock:
		return ulockSleep(addr, old, limit, scope)
	default:
		return pthreadSleep(addr, old, limit)
	}
}

// wake wakes one thread, or all, that sleep on addr. ENOENT means that there is none.
func (v way) wake(addr *atomic.Uint32, all bool, scope Scope) syscall.Errno {
	switch v {
	case viaOSSync:
		return osSyncWake(addr, all, scope)
	case viaUlock:
		return ulockWake(addr, all, scope)
	default:
		return pthreadWake(addr, all)
	}
}

// errno returns the error number in err, 0 for nil.
func errno(err error) syscall.Errno {
	if err == nil {
		return 0
	}
	return err.(syscall.Errno) // what package darwin returns
}
