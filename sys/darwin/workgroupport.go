// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin && !ios

package darwin

import "unsafe"

//go:cgo_import_dynamic libc_os_workgroup_copy_port os_workgroup_copy_port "/usr/lib/libSystem.B.dylib"
//go:cgo_import_dynamic libc_os_workgroup_create_with_port os_workgroup_create_with_port "/usr/lib/libSystem.B.dylib"

var (
	osWorkgroupCopyPortAddr       uintptr
	osWorkgroupCreateWithPortAddr uintptr
)

// WorkgroupCopyPort returns a port that identifies a workgroup in a message to another process, with a reference that the caller
// releases with [MachPortDeallocate].
//
//	os_workgroup_copy_port(wg, &port)
//
// Its only error is EINVAL, of type [syscall.Errno], if wg is canceled or has no port; those of
// [WorkgroupParallelCreate] have none. The call does not block, and it may be made from any thread. Since macOS 11.0; on iOS it is private, and
// returns ENOSYS. See os/workgroup_object.h.
func WorkgroupCopyPort(wg Workgroup) (port uint32, err error) {
	r1, _, _ := rawSyscall6(osWorkgroupCopyPortAddr, uintptr(wg), uintptr(unsafe.Pointer(&port)), 0, 0, 0, 0)
	return port, status(r1)
}

// WorkgroupCreateWithPort makes a workgroup from a port that [WorkgroupCopyPort] returned, perhaps in another process. It takes no
// reference from the caller.
//
//	os_workgroup_create_with_port(name, port)
//
// Its only error is EINVAL, of type [syscall.Errno], for another port, or for a name with a zero byte. Otherwise it is
// [WorkgroupCreateWithWorkgroup]. Since macOS 11.0; on iOS it is private, and returns ENOSYS. See os/workgroup_object.h.
func WorkgroupCreateWithPort(name string, port uint32) (Workgroup, error) {
	p, err := label(name)
	if err != nil {
		return 0, err
	}
	r1, _, errno := syscallPtr(osWorkgroupCreateWithPortAddr, uintptr(unsafe.Pointer(p)), uintptr(port), 0)
	return newWorkgroup(r1, errno)
}
