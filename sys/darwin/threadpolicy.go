// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import (
	"structs"
	"unsafe"
)

// Policies of a thread: the flavor of [ThreadPolicySet] and [ThreadPolicyGet].
const (
	THREAD_EXTENDED_POLICY        = 1 // with or without time sharing; THREAD_STANDARD_POLICY has the same number
	THREAD_TIME_CONSTRAINT_POLICY = 2 // real-time
	THREAD_PRECEDENCE_POLICY      = 3 // more or less urgent than the process's other threads
	THREAD_AFFINITY_POLICY        = 4 // threads that share memory; Intel only
)

// The sizes of the policies in words of 32 bits: the count of [ThreadPolicySet] and [ThreadPolicyGet].
const (
	THREAD_EXTENDED_POLICY_COUNT        = 1
	THREAD_TIME_CONSTRAINT_POLICY_COUNT = 4
	THREAD_PRECEDENCE_POLICY_COUNT      = 1
	THREAD_AFFINITY_POLICY_COUNT        = 1
)

// THREAD_AFFINITY_TAG_NULL is the tag of a thread that has no affinity to others.
const THREAD_AFFINITY_TAG_NULL = 0

// A ThreadExtendedPolicy is a thread_extended_policy.
type ThreadExtendedPolicy struct {
	_         structs.HostLayout
	Timeshare int32 // 1: the priority falls with the time the thread has run; 0: it stays
}

// A ThreadTimeConstraintPolicy is a thread_time_constraint_policy. Times are in ticks of [MachAbsoluteTime], which are not
// nanoseconds on every machine: see [MachTimebaseInfo].
//
// Computation must be from 50 µs to 50 ms and not longer than Constraint. The kernel raises one below half of Constraint to that
// half, but not above 50 ms. A thread that computes longer may be preempted.
type ThreadTimeConstraintPolicy struct {
	_           structs.HostLayout
	Period      uint32 // from the start of one computation to that of the next, for the control of the processor's speed; 0: no period
	Computation uint32 // how long one computation takes
	Constraint  uint32 // from the start of a computation to when it must be over
	Preemptible int32  // 1: it may be interrupted; kept, and ignored
}

// A ThreadPrecedencePolicy is a thread_precedence_policy. Importance is added to the priority of the process.
type ThreadPrecedencePolicy struct {
	_          structs.HostLayout
	Importance int32
}

// A ThreadAffinityPolicy is a thread_affinity_policy. Threads with the same tag share a cache if possible.
type ThreadAffinityPolicy struct {
	_           structs.HostLayout
	AffinityTag int32 // THREAD_AFFINITY_TAG_NULL: none
}

//go:cgo_import_dynamic libc_thread_policy_set thread_policy_set "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_thread_policy_get thread_policy_get "/usr/lib/libSystem.B.dylib"

var (
	threadPolicySetAddr uintptr
	threadPolicyGetAddr uintptr
)

// ThreadPolicySet gives a thread a policy.
//
//	thread_policy_set(thread, flavor, policy_info, count)
//
// The thread is a port, see [PthreadMachThreadNp]. The info points to the policy of the flavor, a THREAD_…_POLICY, and count is its
// THREAD_…_POLICY_COUNT. THREAD_TIME_CONSTRAINT_POLICY makes the thread a real-time one: it runs before all others except the kernel's,
// for as long as it keeps to its times. It needs no privilege. THREAD_EXTENDED_POLICY ends that.
//
// The thread leaves the system of QoS classes, whatever the flavor: [PthreadSetQosClassSelfNp] then
// fails with EPERM. A worker thread of dispatch keeps the policy it has, and the call returns no error.
//
// Errors are of type [KernReturn]: KERN_INVALID_ARGUMENT for another flavor, a smaller count, times that are not those of
// [ThreadTimeConstraintPolicy], or a port that is not that of a thread; KERN_NOT_SUPPORTED for
// THREAD_AFFINITY_POLICY on Apple silicon; KERN_TERMINATED for a thread that has ended; MACH_SEND_INVALID_DEST for a number that is
// not a port, such as the name of an ended thread to which no reference is left; KERN_INVALID_POLICY for a real-time
// policy in a workgroup that does not allow it.
//
// The call does not block, and it may be made from any thread. The policy stays with the thread, so the caller should use
// [runtime.LockOSThread], and unlock only after restoring the old policy. Since macOS 10.0. See mach/thread_policy.h, and xnu,
// osfmk/kern/thread_policy.c and libsyscall/mach/thread_act.c.
func ThreadPolicySet(thread uint32, flavor int32, info unsafe.Pointer, count uint32) error {
	r1, _, _ := rawSyscall6(threadPolicySetAddr, uintptr(thread), uintptr(flavor), uintptr(info), uintptr(count), 0, 0)
	return kernError(r1)
}

// ThreadPolicyGet reads a policy of a thread.
//
//	thread_policy_get(thread, flavor, policy_info, &count, &get_default)
//
// The info points to room for count words of 32 bits. getDefault asks for the default of a thread. isDefault reports that the default
// was read, either because it was asked for or because the thread has no policy of this flavor. n is the number of words
// read. A Computation that the kernel has raised is read as raised.
//
// Errors are those of [ThreadPolicySet] except KERN_INVALID_POLICY. The call does not block, and it may be made from any
// thread. Since macOS 10.0. See mach/thread_policy.h and xnu, osfmk/kern/thread_policy.c.
func ThreadPolicyGet(thread uint32, flavor int32, info unsafe.Pointer, count uint32, getDefault bool) (n uint32, isDefault bool, err error) {
	var ask int32 // boolean_t
	if getDefault {
		ask = 1
	}
	r1, _, _ := rawSyscall6(threadPolicyGetAddr, uintptr(thread), uintptr(flavor), uintptr(info), uintptr(unsafe.Pointer(&count)), uintptr(unsafe.Pointer(&ask)), 0)
	return count, ask != 0, kernError(r1)
}
