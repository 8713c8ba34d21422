// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import (
	"structs"
	"syscall"
	"unsafe"
)

// A Workgroup is an os_workgroup_t: an object for work that several threads do together, and that the system schedules as a
// unit. 0 means none.
//
// A real-time thread that helps to fill the buffers of an audio device joins the workgroup of the device; otherwise it may run on a
// slow core. Core Audio has that workgroup as kAudioDevicePropertyIOThreadOSWorkgroup or as osWorkgroup of an audio unit. Threads
// that work to a period of their own join one that [AudioWorkIntervalCreate] makes, and one of them reports when each interval starts
// and ends. Each thread has the policy THREAD_TIME_CONSTRAINT_POLICY, see [ThreadPolicySet], before it joins.
type Workgroup uintptr

// A WorkgroupJoinToken is an os_workgroup_join_token_s. [WorkgroupJoin] fills it in, and [WorkgroupLeave] takes it.
type WorkgroupJoinToken struct {
	_      structs.HostLayout
	_      [0]uint64 // libdispatch keeps pointers in it
	sig    uint32
	opaque [36]byte
}

//go:cgo_import_dynamic libc_os_retain os_retain "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_os_release os_release "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_os_workgroup_parallel_create os_workgroup_parallel_create "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_os_workgroup_create_with_workgroup os_workgroup_create_with_workgroup "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_os_workgroup_join os_workgroup_join "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_os_workgroup_leave os_workgroup_leave "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_os_workgroup_cancel os_workgroup_cancel "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_os_workgroup_testcancel os_workgroup_testcancel "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_os_workgroup_max_parallel_threads os_workgroup_max_parallel_threads "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_os_workgroup_interval_start os_workgroup_interval_start "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_os_workgroup_interval_update os_workgroup_interval_update "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_os_workgroup_interval_finish os_workgroup_interval_finish "/usr/lib/libSystem.B.dylib"

var (
	osRetainAddr                       uintptr
	osReleaseAddr                      uintptr
	osWorkgroupParallelCreateAddr      uintptr
	osWorkgroupCreateWithWorkgroupAddr uintptr
	osWorkgroupJoinAddr                uintptr
	osWorkgroupLeaveAddr               uintptr
	osWorkgroupCancelAddr              uintptr
	osWorkgroupTestcancelAddr          uintptr
	osWorkgroupMaxParallelThreadsAddr  uintptr
	osWorkgroupIntervalStartAddr       uintptr
	osWorkgroupIntervalUpdateAddr      uintptr
	osWorkgroupIntervalFinishAddr      uintptr
)

// label returns a name for C, or nil for no name.
func label(name string) (*byte, error) {
	if name == "" {
		return nil, nil
	}
	return syscall.BytePtrFromString(name)
}

// newWorkgroup converts the result of a call that makes a workgroup to Go's.
func newWorkgroup(r1 uintptr, errno syscall.Errno) (Workgroup, error) {
	switch {
	case r1 != 0:
		return Workgroup(r1), nil
	case errno != 0:
		return 0, errno
	default:
		return 0, syscall.EINVAL // libdispatch does not always set errno
	}
}

// member converts the result of a call of a workgroup's member to Go's. It is an error number, but a failure in the kernel may
// appear as -1, with the number in errno.
func member(r1 uintptr, errno syscall.Errno) error {
	if int32(r1) == -1 {
		return errno
	}
	return status(r1)
}

// WorkgroupParallelCreate makes a workgroup for threads that share work without a deadline.
//
//	os_workgroup_parallel_create(name, NULL)
//
// The name is for tools; "" means none. The caller owns the reference to the workgroup, and releases it with [Release]. The calling
// thread is not a member. Its only error is EINVAL, of type [syscall.Errno], for a name with a zero byte. The call does
// not block, and it may be made from any thread. Since macOS 11.0. See os/workgroup_parallel.h.
func WorkgroupParallelCreate(name string) (Workgroup, error) {
	p, err := label(name)
	if err != nil {
		return 0, err
	}
	r1, _, errno := syscallPtr(osWorkgroupParallelCreateAddr, uintptr(unsafe.Pointer(p)), 0, 0)
	return newWorkgroup(r1, errno)
}

// WorkgroupCreateWithWorkgroup makes another workgroup for the work of wg: its members are scheduled together with those of wg.
//
//	os_workgroup_create_with_workgroup(name, wg)
//
// The members of one are not those of the other, nor is one canceled with the other; only wg has intervals. Its only error is EINVAL,
// of type [syscall.Errno], if wg is canceled, or for a name with a zero byte. Otherwise it is [WorkgroupParallelCreate]. Since macOS 11.0. See
// os/workgroup_object.h.
func WorkgroupCreateWithWorkgroup(name string, wg Workgroup) (Workgroup, error) {
	p, err := label(name)
	if err != nil {
		return 0, err
	}
	r1, _, errno := syscallPtr(osWorkgroupCreateWithWorkgroupAddr, uintptr(unsafe.Pointer(p)), uintptr(wg), 0)
	return newWorkgroup(r1, errno)
}

var audioWorkIntervalCreate = lateSymbol{
	name:      "AudioWorkIntervalCreate\x00",
	framework: "/System/Library/Frameworks/AudioToolbox.framework/AudioToolbox\x00",
}

// AudioWorkIntervalCreate makes a workgroup for real-time threads that work to a period of their own, which they report to the
// system with [WorkgroupIntervalStart].
//
//	AudioWorkIntervalCreate(name, clock, NULL)
//
// The clock is OS_CLOCK_MACH_ABSOLUTE_TIME. The name is for tools; "" means none. The caller owns the reference to the workgroup, and
// releases it with [Release]. The calling thread is not a member.
//
// The function belongs to the framework AudioToolbox, not to libSystem. The first call loads the framework, which takes time and runs its
// initializers. Errors are of type [syscall.Errno]: EINVAL for another clock, or a name with a zero byte; ENOSYS if the framework or the
// function does not exist. The call may block; it may be made from any thread. Since macOS 11.0. See AudioToolbox/AudioWorkInterval.h.
func AudioWorkIntervalCreate(name string, clock uint32) (Workgroup, error) {
	p, err := label(name)
	if err != nil {
		return 0, err
	}
	fn, ok := audioWorkIntervalCreate.lookUp()
	if !ok {
		return 0, syscall.ENOSYS
	}
	r1, _, errno := syscallPtr(fn, uintptr(unsafe.Pointer(p)), uintptr(clock), 0)
	return newWorkgroup(r1, errno)
}

// Retain adds a reference to a workgroup, which [Release] releases.
//
//	os_retain(object)
//
// It returns no error. The call does not block, and it may be made from any thread. Since macOS 10.10. See os/object.h.
func Retain(wg Workgroup) {
	rawSyscall6(osRetainAddr, uintptr(wg), 0, 0, 0, 0, 0)
}

// Release releases a reference to a workgroup. The last one frees it; no interval of it may then be in progress.
//
//	os_release(object)
//
// It returns no error; a mistake ends the process, by a signal. The call does not block, and it may be made from any thread. Since macOS
// 10.10. See os/object.h.
func Release(wg Workgroup) {
	rawSyscall6(osReleaseAddr, uintptr(wg), 0, 0, 0, 0, 0)
}

// WorkgroupJoin makes the calling thread a member of a workgroup. A thread is a member of one at a time.
//
//	os_workgroup_join(wg, token)
//
// The call fills in the token, for [WorkgroupLeave]. Errors are of type [syscall.Errno]: EALREADY if the thread is a member of a
// workgroup; EINVAL if wg is canceled, or if it is for audio and the thread is not a real-time one.
//
// The call does not block: a real-time thread may make it. The member is the thread, so the caller needs [runtime.LockOSThread] from before this
// call until after WorkgroupLeave; if the thread ends in between, the system ends the process. Since macOS 11.0. See os/workgroup_object.h
// and libdispatch, src/workgroup.c.
func WorkgroupJoin(wg Workgroup, token *WorkgroupJoinToken) error {
	r1, _, errno := rawSyscall6(osWorkgroupJoinAddr, uintptr(wg), uintptr(unsafe.Pointer(token)), 0, 0, 0, 0)
	return member(r1, errno)
}

// WorkgroupLeave ends the membership of the calling thread in a workgroup.
//
//	os_workgroup_leave(wg, token)
//
// The token is that of the thread's [WorkgroupJoin]. It returns no error; another token, thread or workgroup ends the process, by a
// signal. The call does not block: a real-time thread may make it. Since macOS 11.0. See os/workgroup_object.h.
func WorkgroupLeave(wg Workgroup, token *WorkgroupJoinToken) {
	rawSyscall6(osWorkgroupLeaveAddr, uintptr(wg), uintptr(unsafe.Pointer(token)), 0, 0, 0, 0)
}

// WorkgroupCancel cancels the work of a workgroup: no thread can join it any more. Members stay until they leave. They check
// with [WorkgroupTestcancel].
//
//	os_workgroup_cancel(wg)
//
// It returns no error. The call does not block, and it may be made from any thread. Since macOS 11.0. See os/workgroup_object.h.
func WorkgroupCancel(wg Workgroup) {
	rawSyscall6(osWorkgroupCancelAddr, uintptr(wg), 0, 0, 0, 0, 0)
}

// WorkgroupTestcancel reports whether a workgroup is canceled.
//
//	os_workgroup_testcancel(wg)
//
// It returns no error. The call does not block, and it may be made from any thread. Since macOS 11.0. See os/workgroup_object.h.
func WorkgroupTestcancel(wg Workgroup) bool {
	r1, _, _ := rawSyscall6(osWorkgroupTestcancelAddr, uintptr(wg), 0, 0, 0, 0, 0)
	return r1&0xff != 0
}

// WorkgroupMaxParallelThreads returns the best number of threads for the work of a workgroup on this machine, regardless of what else it
// runs.
//
//	os_workgroup_max_parallel_threads(wg, NULL)
//
// It returns no error. The call does not block, and it may be made from any thread. Since macOS 11.0. See os/workgroup_object.h.
func WorkgroupMaxParallelThreads(wg Workgroup) int {
	r1, _, _ := rawSyscall6(osWorkgroupMaxParallelThreadsAddr, uintptr(wg), 0, 0, 0, 0, 0)
	return int(int32(r1))
}

// WorkgroupIntervalStart reports that the members of a workgroup have started the work of an interval, which is to be done by a
// deadline.
//
//	os_workgroup_interval_start(wg, start, deadline, NULL)
//
// The workgroup is one of [AudioWorkIntervalCreate]. Times are in ticks of [MachAbsoluteTime]; the start is now or in the past. One
// member calls it, for all. Errors are of type [syscall.Errno]: EINVAL for a start that is in the future or after the deadline,
// if the interval before has not finished, or if wg is canceled; EBUSY if another thread is in a call for an interval of wg. Unlike what the
// header says, a caller that is not a member ends the process, by a signal; another workgroup may too.
//
// The call does not block: a real-time thread may make it. Since macOS 11.0. See os/workgroup_interval.h and libdispatch, src/workgroup.c.
func WorkgroupIntervalStart(wg Workgroup, start, deadline uint64) error {
	r1, _, errno := rawSyscall6(osWorkgroupIntervalStartAddr, uintptr(wg), uintptr(start), uintptr(deadline), 0, 0, 0)
	return member(r1, errno)
}

// WorkgroupIntervalUpdate changes the deadline of the interval in progress.
//
//	os_workgroup_interval_update(wg, deadline, NULL)
//
// EINVAL means that no interval is in progress. Otherwise it is [WorkgroupIntervalStart]. Since macOS 11.0. See os/workgroup_interval.h.
func WorkgroupIntervalUpdate(wg Workgroup, deadline uint64) error {
	r1, _, errno := rawSyscall6(osWorkgroupIntervalUpdateAddr, uintptr(wg), uintptr(deadline), 0, 0, 0, 0)
	return member(r1, errno)
}

// WorkgroupIntervalFinish reports that the members have done the work of the interval in progress.
//
//	os_workgroup_interval_finish(wg, NULL)
//
// EINVAL means that no interval is in progress. Otherwise it is [WorkgroupIntervalStart]. Since macOS 11.0. See os/workgroup_interval.h.
func WorkgroupIntervalFinish(wg Workgroup) error {
	r1, _, errno := rawSyscall6(osWorkgroupIntervalFinishAddr, uintptr(wg), 0, 0, 0, 0, 0)
	return member(r1, errno)
}
