// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import (
	"syscall"
	"unsafe"
)

// Quality-of-service classes: the purpose of a thread's work, from which the system derives
// its priority, the cores it runs on, and more.
const (
	QOS_CLASS_USER_INTERACTIVE = 0x21
	QOS_CLASS_USER_INITIATED   = 0x19
	QOS_CLASS_DEFAULT          = 0x15
	QOS_CLASS_UTILITY          = 0x11
	QOS_CLASS_BACKGROUND       = 0x09
	QOS_CLASS_UNSPECIFIED      = 0x00
)

// QOS_MIN_RELATIVE_PRIORITY is the lowest priority within a class; 0 is the highest.
const QOS_MIN_RELATIVE_PRIORITY = -15

// A PthreadOverride identifies an override of a thread's class. 0 means none.
type PthreadOverride uintptr

//go:cgo_import_dynamic libc_qos_class_self qos_class_self "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_set_qos_class_self_np pthread_set_qos_class_self_np "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_get_qos_class_np pthread_get_qos_class_np "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_override_qos_class_start_np pthread_override_qos_class_start_np "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_pthread_override_qos_class_end_np pthread_override_qos_class_end_np "/usr/lib/libSystem.B.dylib"

var (
	qosClassSelfAddr                   uintptr
	pthreadSetQosClassSelfNpAddr       uintptr
	pthreadGetQosClassNpAddr           uintptr
	pthreadOverrideQosClassStartNpAddr uintptr
	pthreadOverrideQosClassEndNpAddr   uintptr
)

// QosClassSelf returns the class that the calling thread has asked for.
//
//	qos_class_self()
//
// It is QOS_CLASS_UNSPECIFIED for a thread that has none. It returns no error. The call
// does not block; the caller should use [runtime.LockOSThread]. Since macOS 10.10. See sys/qos.h.
func QosClassSelf() uint32 {
	r1, _, _ := rawSyscall6(qosClassSelfAddr, 0, 0, 0, 0, 0, 0)
	return uint32(r1)
}

// PthreadSetQosClassSelfNp gives the calling thread a class.
//
//	pthread_set_qos_class_self_np(class, relative_priority)
//
// The relative priority is from QOS_MIN_RELATIVE_PRIORITY to 0. Errors are of type
// [syscall.Errno]: EINVAL for another class or priority, EPERM once the thread has left the
// system of classes, for example by a scheduling policy of its own.
//
// The call does not block. The class stays with the thread, so the caller should use [runtime.LockOSThread]. Since
// macOS 10.10. See pthread/qos.h.
func PthreadSetQosClassSelfNp(class uint32, relativePriority int32) error {
	r1, _, _ := rawSyscall6(pthreadSetQosClassSelfNpAddr, uintptr(class), uintptr(relativePriority), 0, 0, 0, 0)
	return status(r1)
}

// PthreadGetQosClassNp returns the class that a thread has asked for, and its priority
// within it.
//
//	pthread_get_qos_class_np(thread, &class, &relative_priority)
//
// Its only error is ESRCH, of type [syscall.Errno], for a thread that has ended. The call
// does not block, and it may be made from any thread. Since macOS 10.10. See
// pthread/qos.h.
func PthreadGetQosClassNp(thread Pthread) (class uint32, relativePriority int32, err error) {
	r1, _, _ := rawSyscall6(pthreadGetQosClassNpAddr, uintptr(thread), uintptr(unsafe.Pointer(&class)), uintptr(unsafe.Pointer(&relativePriority)), 0, 0, 0)
	return class, relativePriority, status(r1)
}

// PthreadOverrideQosClassStartNp raises a thread to a class, for example while a thread of that
// class waits for it.
//
//	pthread_override_qos_class_start_np(thread, class, relative_priority)
//
// It never lowers a class. Pass the result to [PthreadOverrideQosClassEndNp]. The result is 0,
// with [syscall.EINVAL], for a class or priority that [PthreadSetQosClassSelfNp] does not
// accept, or for lack of memory: the function does not distinguish them.
//
// The call does not block, and it may be made from any thread; the thread named must not
// have ended. Since macOS 10.10. See pthread/qos.h.
func PthreadOverrideQosClassStartNp(thread Pthread, class uint32, relativePriority int32) (PthreadOverride, error) {
	r1, _, _ := rawSyscall6(pthreadOverrideQosClassStartNpAddr, uintptr(thread), uintptr(class), uintptr(relativePriority), 0, 0, 0)
	if r1 == 0 {
		return 0, syscall.EINVAL
	}
	return PthreadOverride(r1), nil
}

// PthreadOverrideQosClassEndNp ends an override. Each override must be ended once.
//
//	pthread_override_qos_class_end_np(override)
//
// Its only error is EINVAL, of type [syscall.Errno], for anything but an override. One that has already ended is freed
// memory, and may be anything. The call does not block, and it may be made from any thread. Since macOS 10.10. See
// pthread/qos.h.
func PthreadOverrideQosClassEndNp(override PthreadOverride) error {
	r1, _, _ := rawSyscall6(pthreadOverrideQosClassEndNpAddr, uintptr(override), 0, 0, 0, 0, 0)
	return status(r1)
}
