// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"os"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/osync-go/osync/sys/darwin"
)

// The ways to sleep on macOS.
const (
	// viaOSSync is os_sync_wait_on_address, Apple's public futex, since macOS 14.4.
	viaOSSync way = iota
	// viaUlock is __ulock_wait2, the private call beneath it. The build tag
	// osync_noulock leaves it out, and iOS never has it.
	viaUlock
	// viaPthread is a table of mutexes and conditions, for all other cases.
	viaPthread
)

var wayNames = [...]string{viaOSSync: "os_sync", viaUlock: "ulock", viaPthread: "pthread"}

func (v way) sleep(addr *atomic.Uint32, old uint32, limit ticks, scope Scope) error {
	var err error
	switch v {
	case viaOSSync:
		err = osSyncSleep(addr, old, limit, scope)
	case viaUlock:
		err = ulockSleep(addr, old, limit, scope)
	default:
		err = pthreadSleep(addr, old, limit)
	}
	switch err {
	case syscall.EFAULT, syscall.ENOMEM:
		// The page was not in memory, and checking the word brings it back; or kernel memory is
		// short.
		return syscall.EINTR
	case syscall.ETIMEDOUT:
		return os.ErrDeadlineExceeded
	default:
		return err
	}
}

func (v way) wake(addr *atomic.Uint32, all bool, scope Scope) error {
	var err error
	switch v {
	case viaOSSync:
		err = osSyncWake(addr, all, scope)
	case viaUlock:
		err = ulockWake(addr, all, scope)
	default:
		err = pthreadWake(addr, all)
	}
	switch err {
	case syscall.ENOENT: // no thread waits
		return nil
	case syscall.EDOM: // threads in another call wait: the word was freed before the wake
		return nil
	default:
		return err
	}
}

func (v way) reachesProcesses() bool { return v != viaPthread }

func now() ticks { return ticks(darwin.MachAbsoluteTime()) }

// clock returns the timebase of this machine, which it queries once: a tick is 1/1 ns on Intel and
// 125/3 ns on Apple silicon.
var clock = sync.OnceValue(func() timebase {
	numer, denom := darwin.MachTimebaseInfo()
	return timebase{uint64(numer), uint64(denom)}
})
