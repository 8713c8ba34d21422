// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import (
	"structs"
	"syscall"
	"unsafe"
)

// A Workgroup is an os_workgroup_t: an object that stands for work which several threads do together, and which the system
// schedules as one. 0 is none.
//
// A real-time thread that helps to fill the buffers of an audio device joins the workgroup of the device, which Core Audio has as
// kAudioDevicePropertyIOThreadOSWorkgroup or as osWorkgroup of an audio unit; without that it may run on a slow core. Threads that
// work to a period of their own join one that [AudioWorkIntervalCreate] makes, and one of them says when each interval starts and
// ends. Each has the policy THREAD_TIME_CONSTRAINT_POLICY, see [ThreadPolicySet], before it joins.
type Workgroup uintptr

// A WorkgroupJoinToken is an os_workgroup_join_token_s: what [WorkgroupJoin] gives, and [WorkgroupLeave] takes.
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

// label returns a name for C, nil for none.
func label(name string) (*byte, error) {
	if name == "" {
		return nil, nil
	}
	return syscall.BytePtrFromString(name)
}

// newWorkgroup turns the result of a call that makes a workgroup into Go's.
func newWorkgroup(r1 uintptr, errno syscall.Errno) (Workgroup, error) {
	switch {
	case r1 != 0:
		return Workgroup(r1), nil
	case errno != 0:
		return 0, errno
	default:
		return 0, syscall.EINVAL // libdispatch does not always say why
	}
}

// member turns the result of a call of a workgroup's member into Go's. It is an error number; but a failure in the kernel may
// come through as -1, with the number in errno.
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
// The name is for tools; "" is none. The caller has the reference to the workgroup, and gives it back by [Release]. The calling
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
// The members of one are not those of the other, nor is one canceled with the other; intervals belong to wg alone. Its only error is EINVAL,
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

// AudioWorkIntervalCreate makes a workgroup for real-time threads that work to a period of their own, which their
// [WorkgroupIntervalStart] tells the system.
//
//	AudioWorkIntervalCreate(name, clock, NULL)
//
// The clock is OS_CLOCK_MACH_ABSOLUTE_TIME. The name is for tools; "" is none. The caller has the reference to the workgroup, and gives
// it back by [Release]. The calling thread is not a member.
//
// The function belongs to the framework AudioToolbox, not to libSystem; the first call loads the framework, which takes time and runs its
// initializers. Errors are of type [syscall.Errno]: EINVAL for another clock, or a name with a zero byte; ENOSYS if there
// is no such framework or function. May block; it may be called from any thread. Since macOS 11.0. See AudioToolbox/AudioWorkInterval.h.
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

// Retain takes one more reference to a workgroup, which [Release] gives back.
//
//	os_retain(object)
//
// It returns no error. The call does not block, and it may be made from any thread. Since macOS 10.10. See os/object.h.
func Retain(wg Workgroup) {
	rawSyscall6(osRetainAddr, uintptr(wg), 0, 0, 0, 0, 0)
}

// Release gives a reference to a workgroup back. The last one frees it; it must not have an interval then that has started.
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
// The token is filled in, for [WorkgroupLeave]. Errors are of type [syscall.Errno]: EALREADY if the thread is a member of a
// workgroup; EINVAL if wg is canceled, or if it is for audio and the thread is not a real-time one.
//
// The call does not block: a real-time thread may make it. The member is the thread, so the caller needs [runtime.LockOSThread] from before this call
// until after WorkgroupLeave; if the thread ends in between, the system ends the process. Since macOS 11.0. See os/workgroup_object.h
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

// WorkgroupCancel cancels the work of a workgroup: no thread can join it any more. Members stay until they leave; they ask
// [WorkgroupTestcancel].
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

// WorkgroupMaxParallelThreads returns how many threads the work of a workgroup is best divided among on this machine, whatever else it
// does.
//
//	os_workgroup_max_parallel_threads(wg, NULL)
//
// It returns no error. The call does not block, and it may be made from any thread. Since macOS 11.0. See os/workgroup_object.h.
func WorkgroupMaxParallelThreads(wg Workgroup) int {
	r1, _, _ := rawSyscall6(osWorkgroupMaxParallelThreadsAddr, uintptr(wg), 0, 0, 0, 0, 0)
	return int(int32(r1))
}

// WorkgroupIntervalStart says that the members of a workgroup have started on the work of an interval, which is to be done by a
// deadline.
//
//	os_workgroup_interval_start(wg, start, deadline, NULL)
//
// The workgroup is one of [AudioWorkIntervalCreate]. Times are in ticks of [MachAbsoluteTime]; the start is now or has
// been. One member calls it, for all. Errors are of type [syscall.Errno]: EINVAL for a start that is yet to come or after the deadline,
// if the interval before has not finished, or if wg is canceled; EBUSY if another thread is in a call for an interval of wg. A caller that is not
// a member ends the process, by a signal, against what the header says; so may another workgroup.
//
// The call does not block: a real-time thread may make it. Since macOS 11.0. See os/workgroup_interval.h and libdispatch, src/workgroup.c.
func WorkgroupIntervalStart(wg Workgroup, start, deadline uint64) error {
	r1, _, errno := rawSyscall6(osWorkgroupIntervalStartAddr, uintptr(wg), uintptr(start), uintptr(deadline), 0, 0, 0)
	return member(r1, errno)
}

// WorkgroupIntervalUpdate changes the deadline of the interval that has started.
//
//	os_workgroup_interval_update(wg, deadline, NULL)
//
// EINVAL means that none has. Otherwise it is [WorkgroupIntervalStart]. Since macOS 11.0. See os/workgroup_interval.h.
func WorkgroupIntervalUpdate(wg Workgroup, deadline uint64) error {
	r1, _, errno := rawSyscall6(osWorkgroupIntervalUpdateAddr, uintptr(wg), uintptr(deadline), 0, 0, 0, 0)
	return member(r1, errno)
}

// WorkgroupIntervalFinish says that the members have done the work of the interval that has started.
//
//	os_workgroup_interval_finish(wg, NULL)
//
// EINVAL means that none has. Otherwise it is [WorkgroupIntervalStart]. Since macOS 11.0. See os/workgroup_interval.h.
func WorkgroupIntervalFinish(wg Workgroup) error {
	r1, _, errno := rawSyscall6(osWorkgroupIntervalFinishAddr, uintptr(wg), 0, 0, 0, 0, 0)
	return member(r1, errno)
}
