// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build dragonfly

package dragonfly

import (
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/bsd"
	"golang.org/x/sys/unix"
)

// UmtxSleep puts the calling thread to sleep for as long as *addr holds val.
//
//	umtx_sleep(addr, val, timeout)
//
// Comparing and going to sleep is one atomic step with respect to wakes of addr. Before it sleeps, the kernel watches
// the word for 4 µs (kern.umtx_delay). The timeout is a duration in microseconds, and 0 means no limit; but a sleep
// ends after two seconds (kern.umtx_timeout_max) in any case. It is counted in ticks of the system's clock, and so may
// end up to one tick, 10 ms, too early. See [Microseconds].
//
// A nil error means that the thread was woken, possibly spuriously, so check the word again. Other errors are of type
// [syscall.Errno]: EBUSY if *addr did not hold val; EWOULDBLOCK, which is EAGAIN, after the timeout, or those two
// seconds; EINTR for a signal, always; EINVAL for a negative timeout, or a page that is not mapped, that cannot be
// written, or that came and went while the kernel looked; EFAULT for a word that is not aligned to 4 bytes.
//
// The call blocks its OS thread, and the Go scheduler runs other goroutines on another one: a thousand waiters
// are a thousand threads. It may be called from any thread.
//
// Since DragonFly 1.1. See umtx(2), and sys_umtx_sleep in sys/kern/kern_umtx.c.
func UmtxSleep(addr *atomic.Uint32, val uint32, timeout int32) error {
	_, _, errno := syscall.Syscall(unix.SYS_UMTX_SLEEP, uintptr(unsafe.Pointer(addr)), uintptr(val), uintptr(timeout))
	if errno != 0 {
		return errno
	}
	return nil
}

// UmtxWakeup wakes threads that sleep on addr: one if count is 1, and all for any other count.
//
//	umtx_wakeup(addr, count)
//
// The kernel reads the word, and so it must still be mapped: EINVAL, of type [syscall.Errno], says that it is
// not, and the kernel writes a line to its log. EFAULT is for a word that is not aligned to 4 bytes.
//
// The call does not block, and it may be made from any thread.
//
// Since DragonFly 1.1. See umtx(2), and sys_umtx_wakeup in sys/kern/kern_umtx.c.
func UmtxWakeup(addr *atomic.Uint32, count int32) error {
	_, _, errno := syscall.RawSyscall(unix.SYS_UMTX_WAKEUP, uintptr(unsafe.Pointer(addr)), uintptr(count), 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// Microseconds returns d as a timeout of [UmtxSleep]: rounded up, at least 1, since 0 would mean no limit, and
// at most what fits, 35 minutes.
func Microseconds(d time.Duration) int32 { return bsd.Microseconds(d) }
