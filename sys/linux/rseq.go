// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import (
	"structs"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// RSEQ_FLAG_UNREGISTER makes [Rseq] unregister the area.
const RSEQ_FLAG_UNREGISTER = 1 << 0

// Values of RseqArea.CPUID that do not denote a CPU.
const (
	RSEQ_CPU_ID_UNINITIALIZED       = 0xffffffff // not registered: -1 in the headers
	RSEQ_CPU_ID_REGISTRATION_FAILED = 0xfffffffe // what a C library stores if it could not register: -2
)

// A RseqArea is memory in which the kernel publishes facts about a thread, which the thread can
// read without a call. It is the first 32 bytes of struct rseq.
//
// The area must be aligned to 32 bytes, and must not be Go memory: map it. Only the thread that
// registered it may read it, and the numbers can be out of date by the time they are used.
type RseqArea struct {
	_ structs.HostLayout
	// CPUIDStart is CPUID, or 0 while the area is not registered.
	CPUIDStart atomic.Uint32
	// CPUID is the number of the CPU that the thread runs on.
	CPUID atomic.Uint32
	// CS is the address of the thread's critical section. It must be 0: see [Rseq].
	CS atomic.Uint64
	// Flags is for the kernel.
	Flags atomic.Uint32
	// NodeID is the number of the NUMA node of that CPU. Since Linux 6.3.
	NodeID atomic.Uint32
	// MMCID is a number that no other running thread of the process has at this time. It is below
	// the number of threads and below the number of CPUs, so it is a good index for counters. Since
	// Linux 6.3.
	MMCID    atomic.Uint32
	reserved uint32 // newer kernels use it in longer areas
}

// Rseq registers or unregisters an area in which the kernel keeps the number of the calling
// thread's CPU.
//
//	rseq(area, length, flags, sig)
//
// length is unsafe.Sizeof(*area), which every kernel accepts. (Fields of newer kernels follow it,
// and exist only in longer areas.) sig is any number, but must be the same to register and to
// unregister. flags are 0, or RSEQ_FLAG_UNREGISTER.
//
// Errors are of type [syscall.Errno]: EINVAL for another length or flag, an area that is not
// aligned to 32 bytes, a thread that has another area already, and an area to unregister that is
// not registered; EBUSY if this area is registered already; EPERM for another sig; EFAULT for an
// address outside any program's memory; ENOSYS on older kernels, and on those that were built
// without it. For an area that cannot be written newer kernels return EFAULT; others kill the
// process with SIGSEGV.
//
// Go programs can read the numbers. They cannot run the restartable sequences that the call is
// named after: those are written in assembly, from the store to CS to the commit, so that the
// kernel can move a thread that was interrupted there to another address. Leave CS 0.
//
// Go's runtime never registers an area. In a program that contains the C library, glibc 2.35 and
// newer registers one for every thread (see the symbols __rseq_offset and __rseq_size), and this
// call returns EINVAL.
//
// The call does not block. The area belongs to the OS thread: call [runtime.LockOSThread] before.
// The kernel writes to it until it is unregistered or the thread has ended, and kills the process
// with SIGSEGV if the memory is unmapped before that. So unregister before the goroutine unlocks
// its thread, or let the goroutine end locked and never unmap the area.
//
// Since Linux 4.18. See include/uapi/linux/rseq.h and Documentation/userspace-api/rseq.rst.
func Rseq(area *RseqArea, length, sig, flags uint32) error {
	stays(unsafe.Pointer(area))
	_, _, errno := syscall.RawSyscall6(unix.SYS_RSEQ, uintptr(unsafe.Pointer(area)), uintptr(length), uintptr(flags),
		uintptr(sig), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
