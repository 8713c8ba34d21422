// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin

import (
	"errors"
	"strconv"
	"sync/atomic"
	"unsafe"
)

// A KernReturn is a kern_return_t, the result of the calls of Mach. As an error it is never
// KERN_SUCCESS. [errors.Is] finds [errors.ErrUnsupported] in KERN_NOT_SUPPORTED.
type KernReturn int32

// Results of the calls of Mach. See mach/kern_return.h and, for MACH_SEND_…, mach/message.h.
const (
	KERN_SUCCESS             KernReturn = 0
	KERN_INVALID_ARGUMENT    KernReturn = 4
	KERN_FAILURE             KernReturn = 5
	KERN_ABORTED             KernReturn = 14 // a signal ended a wait
	KERN_INVALID_NAME        KernReturn = 15 // no port of this name
	KERN_INVALID_TASK        KernReturn = 16
	KERN_INVALID_RIGHT       KernReturn = 17 // the port exists, but not with the right that the call requires
	KERN_INVALID_VALUE       KernReturn = 18
	KERN_INVALID_CAPABILITY  KernReturn = 20 // a port of another kind
	KERN_INVALID_POLICY      KernReturn = 28
	KERN_TERMINATED          KernReturn = 37 // the object ended, before the call or while it waited
	KERN_NOT_SUPPORTED       KernReturn = 46
	KERN_NOT_WAITING         KernReturn = 48
	KERN_OPERATION_TIMED_OUT KernReturn = 49
	MACH_SEND_INVALID_DEST   KernReturn = 0x10000003 // calls that are messages: no port of this name
	MACH_SEND_INVALID_RIGHT  KernReturn = 0x1000000a // the same, for a port that the message carries
)

// kernNames are the names of the constants.
var kernNames = map[KernReturn]string{
	KERN_SUCCESS:             "KERN_SUCCESS",
	KERN_INVALID_ARGUMENT:    "KERN_INVALID_ARGUMENT",
	KERN_FAILURE:             "KERN_FAILURE",
	KERN_ABORTED:             "KERN_ABORTED",
	KERN_INVALID_NAME:        "KERN_INVALID_NAME",
	KERN_INVALID_TASK:        "KERN_INVALID_TASK",
	KERN_INVALID_RIGHT:       "KERN_INVALID_RIGHT",
	KERN_INVALID_VALUE:       "KERN_INVALID_VALUE",
	KERN_INVALID_CAPABILITY:  "KERN_INVALID_CAPABILITY",
	KERN_INVALID_POLICY:      "KERN_INVALID_POLICY",
	KERN_TERMINATED:          "KERN_TERMINATED",
	KERN_NOT_SUPPORTED:       "KERN_NOT_SUPPORTED",
	KERN_NOT_WAITING:         "KERN_NOT_WAITING",
	KERN_OPERATION_TIMED_OUT: "KERN_OPERATION_TIMED_OUT",
	MACH_SEND_INVALID_DEST:   "MACH_SEND_INVALID_DEST",
	MACH_SEND_INVALID_RIGHT:  "MACH_SEND_INVALID_RIGHT",
}

// Error returns the name of the result, or its number.
func (k KernReturn) Error() string {
	if name, ok := kernNames[k]; ok {
		return name
	}
	return "kern_return_t " + strconv.Itoa(int(k))
}

// Is makes KERN_NOT_SUPPORTED match [errors.ErrUnsupported].
func (k KernReturn) Is(target error) bool {
	return k == KERN_NOT_SUPPORTED && target == errors.ErrUnsupported
}

// Numbers above 255 are converted to an error once, since that allocates.
var (
	errSendInvalidDest  error = MACH_SEND_INVALID_DEST
	errSendInvalidRight error = MACH_SEND_INVALID_RIGHT
)

// kernError converts the result of a call of Mach to Go's.
func kernError(r1 uintptr) error {
	switch k := KernReturn(r1); k {
	case KERN_SUCCESS:
		return nil
	case MACH_SEND_INVALID_DEST:
		return errSendInvalidDest
	case MACH_SEND_INVALID_RIGHT:
		return errSendInvalidRight
	default:
		return k
	}
}

//go:cgo_import_dynamic libc_mach_thread_self mach_thread_self "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_mach_port_deallocate mach_port_deallocate "/usr/lib/libSystem.B.dylib"

var (
	machThreadSelfAddr     uintptr
	machPortDeallocateAddr uintptr
)

// machTaskSelf is the variable mach_task_self_ of libSystem.
var machTaskSelf = lateSymbol{name: "mach_task_self_\x00"}

// MachTaskSelf returns the port of the process, which other calls require.
//
//	mach_task_self()
//
// The caller gets no reference, and has none to release. Another process, including a forked one, has another port. In C it is a macro for
// the variable mach_task_self_. It returns no error. The call does not block, and it may be made from any
// thread. Since macOS 10.0. See mach/mach_init.h.
func MachTaskSelf() uint32 {
	variable, ok := machTaskSelf.lookUp()
	if !ok {
		return 0
	}
	return atomic.LoadUint32(*(**uint32)(unsafe.Pointer(&variable)))
}

// MachThreadSelf returns the port of the calling thread, with a reference that the caller releases with [MachPortDeallocate].
//
//	mach_thread_self()
//
// The port is the one of [PthreadMachThreadNp], which gives no reference. With a reference, no other port gets the name after the
// thread has ended. It returns no error. The call does not block, and it may be made from any thread; the caution at
// [PthreadSelf] applies here too. Since macOS 10.0. See mach/mach_init.h.
func MachThreadSelf() uint32 {
	r1, _, _ := rawSyscall6(machThreadSelfAddr, 0, 0, 0, 0, 0, 0)
	return uint32(r1)
}

// MachPortDeallocate releases a reference to a port.
//
//	mach_port_deallocate(task, name)
//
// The task is [MachTaskSelf], and the name is that of a port to which the caller has a reference. One call too many releases another
// user's reference, and that user's calls then find no port, or another port. Errors are of type [KernReturn]: KERN_INVALID_NAME
// for a port that does not exist, KERN_INVALID_RIGHT for one to which nothing can be sent; MACH_SEND_INVALID_DEST for a task that is
// not a port. The call does not block, and it may be made from any thread. Since macOS 10.0. See mach/mach_port.h.
func MachPortDeallocate(task, name uint32) error {
	r1, _, _ := rawSyscall6(machPortDeallocateAddr, uintptr(task), uintptr(name), 0, 0, 0, 0)
	return kernError(r1)
}
