// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import (
	"syscall"
	"unsafe"
)

// A Pthread is a pthread_t, which identifies a thread for as long as the thread lives. Another
// thread may have the same one afterwards. 0 means none.
type Pthread uintptr

//go:cgo_import_dynamic libc_pthread_self pthread_self "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_threadid_np pthread_threadid_np "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_mach_thread_np pthread_mach_thread_np "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_setname_np pthread_setname_np "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_getname_np pthread_getname_np "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_yield_np pthread_yield_np "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_sched_yield sched_yield "/usr/lib/libSystem.B.dylib"

var (
	pthreadSelfAddr         uintptr
	pthreadThreadidNpAddr   uintptr
	pthreadMachThreadNpAddr uintptr
	pthreadSetnameNpAddr    uintptr
	pthreadGetnameNpAddr    uintptr
	pthreadYieldNpAddr      uintptr
	schedYieldAddr          uintptr
)

// PthreadSelf returns the calling thread.
//
//	pthread_self()
//
// It cannot fail, does not block, and may be called from any thread; but a goroutine that
// is not locked to its thread with [runtime.LockOSThread] may run on another one by the
// time it uses the result. Since macOS 10.4. See pthread_self(3).
func PthreadSelf() Pthread {
	r1, _, _ := rawSyscall6(pthreadSelfAddr, 0, 0, 0, 0, 0, 0)
	return Pthread(r1)
}

// PthreadThreadidNp returns the id of a thread; 0 means the calling one. No other thread of the
// machine has the same id until the machine is restarted.
//
//	pthread_threadid_np(thread, &id)
//
// Its only error is ESRCH, of type [syscall.Errno], for a thread that has ended. The call
// does not block, and it may be made from any thread; the caution at [PthreadSelf] applies
// here too. Since macOS 10.6. See pthread.h.
func PthreadThreadidNp(thread Pthread) (id uint64, err error) {
	r1, _, _ := rawSyscall6(pthreadThreadidNpAddr, uintptr(thread), uintptr(unsafe.Pointer(&id)), 0, 0, 0, 0)
	return id, status(r1)
}

// PthreadMachThreadNp returns the Mach port of a thread, the number that locks with an owner
// store in their words. The caller gets no reference to the port, and has none to release.
//
//	pthread_mach_thread_np(thread)
//
// The result is 0 for a thread that has ended; there is no other error. The call does not
// block, and it may be made from any thread. Since macOS 10.4. See pthread.h.
func PthreadMachThreadNp(thread Pthread) uint32 {
	r1, _, _ := rawSyscall6(pthreadMachThreadNpAddr, uintptr(thread), 0, 0, 0, 0, 0)
	return uint32(r1)
}

// PthreadSetnameNp gives the calling thread a name, which debuggers and crash reports
// show.
//
//	pthread_setname_np(name)
//
// The name ends at its first zero byte, which it must have. Errors are of type
// [syscall.Errno]: ENAMETOOLONG for more than 63 bytes before it, EINVAL for a name without one. The
// call does not block. The name stays with the thread, so the caller should use [runtime.LockOSThread]. Since macOS
// 10.6. See pthread.h.
func PthreadSetnameNp(name []byte) error {
	for _, b := range name {
		if b == 0 {
			r1, _, errno := rawSyscall6(pthreadSetnameNpAddr, uintptr(unsafe.Pointer(&name[0])), 0, 0, 0, 0, 0)
			_, err := count(r1, errno)
			return err
		}
	}
	return syscall.EINVAL // checked here, since C would read past the end of name
}

// PthreadGetnameNp writes the name of a thread to buf, followed by a zero byte. A name that does not fit
// is truncated; 64 bytes have room for every name. A thread without a name has an empty one.
//
//	pthread_getname_np(thread, buf, size)
//
// Errors are of type [syscall.Errno]: ESRCH for a thread that has ended, EINVAL for an empty buf.
// The call does not block, and it may be made from any thread; the caution at [PthreadSelf]
// applies here too. Since macOS 10.6. See pthread.h.
func PthreadGetnameNp(thread Pthread, buf []byte) error {
	if len(buf) == 0 {
		return syscall.EINVAL
	}
	r1, _, _ := rawSyscall6(pthreadGetnameNpAddr, uintptr(thread), uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)), 0, 0, 0)
	return status(r1)
}

// SchedYield lets another thread run on the processor, if one that is at least as urgent is ready.
//
//	sched_yield()
//
// It yields the thread, which keeps its place in the Go scheduler; to let another goroutine run there use
// [runtime.Gosched]. Apple's code has no error for it; one that POSIX adds is of type [syscall.Errno].
// The call returns when the thread runs again, and does not notify the Go scheduler. It may be made from any thread. Since
// macOS 10.4. See pthread/sched.h and libpthread, src/pthread.c.
func SchedYield() error {
	r1, _, errno := rawSyscall6(schedYieldAddr, 0, 0, 0, 0, 0, 0)
	_, err := count(r1, errno)
	return err
}

// PthreadYieldNp is [SchedYield] under its older name, and has no result.
//
//	pthread_yield_np()
//
// Since macOS 10.4. See pthread_yield_np(3); libpthread, xcodescripts/pthread.aliases, makes the two names one function.
func PthreadYieldNp() {
	rawSyscall6(pthreadYieldNpAddr, 0, 0, 0, 0, 0, 0)
}
