// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// A private namespace holds names of objects that no other program can take first. It is identified by a name and a
// boundary: a set of SIDs that its creator must have. Objects in it are named prefix\name, in all calls of this
// package that take a name. The prefix is the process's own name for the namespace.

// A SID identifies a user, a group, or an integrity level. It is the SID of golang.org/x/sys/windows, which makes them.
type SID = windows.SID

const (
	// CREATE_BOUNDARY_DESCRIPTOR_ADD_APPCONTAINER_SID is a flag of CreateBoundaryDescriptor, for a program in an
	// app container.
	CREATE_BOUNDARY_DESCRIPTOR_ADD_APPCONTAINER_SID = 0x1

	// PRIVATE_NAMESPACE_FLAG_DESTROY is a flag of ClosePrivateNamespace: the namespace can no longer be opened.
	PRIVATE_NAMESPACE_FLAG_DESTROY = 0x1
)

var (
	procCreateBoundaryDescriptorW             = proc{dll: kernel32, name: "CreateBoundaryDescriptorW"}
	procAddSIDToBoundaryDescriptor            = proc{dll: kernel32, name: "AddSIDToBoundaryDescriptor"}
	procAddIntegrityLabelToBoundaryDescriptor = proc{dll: kernel32, name: "AddIntegrityLabelToBoundaryDescriptor"}
	procDeleteBoundaryDescriptor              = proc{dll: kernel32, name: "DeleteBoundaryDescriptor"}
	procCreatePrivateNamespaceW               = proc{dll: kernel32, name: "CreatePrivateNamespaceW"}
	procOpenPrivateNamespaceW                 = proc{dll: kernel32, name: "OpenPrivateNamespaceW"}
	procClosePrivateNamespace                 = proc{dll: kernel32, name: "ClosePrivateNamespace"}
)

// CreateBoundaryDescriptor begins the description of a boundary, which is part of the identity of a namespace.
//
//	HANDLE CreateBoundaryDescriptorW(LPCWSTR Name, ULONG Flags)
//
// flags is 0 or CREATE_BOUNDARY_DESCRIPTOR_ADD_APPCONTAINER_SID. Then call [AddSIDToBoundaryDescriptor] for at least
// one SID. The result is memory of the process, not an object: free it with [DeleteBoundaryDescriptor], not
// CloseHandle.
//
// Errors are of type [syscall.Errno]; Microsoft names none. The call does not block and may be made from any
// thread.
//
// Since Windows Vista. See "CreateBoundaryDescriptorW function (namespaceapi.h)".
func CreateBoundaryDescriptor(name *uint16, flags uint32) (Handle, error) {
	addr, err := procCreateBoundaryDescriptorW.find()
	if err != nil {
		return 0, err
	}
	return opened(syscall.SyscallN(addr, uintptr(unsafe.Pointer(name)), uintptr(flags)))
}

// AddSIDToBoundaryDescriptor adds a SID that the creator of the namespace must have.
//
//	BOOL AddSIDToBoundaryDescriptor(HANDLE *BoundaryDescriptor, PSID RequiredSid)
//
// *boundary may be a different handle afterwards, and the old one is invalid. The system copies the SID. Errors are of
// type [syscall.Errno]; Microsoft names none. The call does not block and may be made from any thread.
//
// Since Windows Vista. See "AddSIDToBoundaryDescriptor function (namespaceapi.h)".
func AddSIDToBoundaryDescriptor(boundary *Handle, sid *SID) error {
	return procAddSIDToBoundaryDescriptor.addSID(boundary, sid)
}

// AddIntegrityLabelToBoundaryDescriptor adds the least integrity level that the creator of the namespace must
// have.
//
//	BOOL AddIntegrityLabelToBoundaryDescriptor(HANDLE *BoundaryDescriptor, PSID IntegrityLabel)
//
// Otherwise it is [AddSIDToBoundaryDescriptor].
//
// Since Windows 7. See "AddIntegrityLabelToBoundaryDescriptor function (winbase.h)".
func AddIntegrityLabelToBoundaryDescriptor(boundary *Handle, label *SID) error {
	return procAddIntegrityLabelToBoundaryDescriptor.addSID(boundary, label)
}

// DeleteBoundaryDescriptor frees the description of a boundary. The namespaces that were made with it remain.
//
//	VOID DeleteBoundaryDescriptor(HANDLE BoundaryDescriptor)
//
// The call does not block, may be made from any thread, and fails only if the function is missing.
//
// Since Windows Vista. See "DeleteBoundaryDescriptor function (namespaceapi.h)".
func DeleteBoundaryDescriptor(boundary Handle) error {
	addr, err := procDeleteBoundaryDescriptor.find()
	if err != nil {
		return err
	}
	syscall.SyscallN(addr, uintptr(boundary))
	return nil
}

// CreatePrivateNamespace creates a private namespace, whose names begin with prefix and a backslash in this
// process.
//
//	HANDLE CreatePrivateNamespaceW(LPSECURITY_ATTRIBUTES lpPrivateNamespaceAttributes,
//	                               LPVOID lpBoundaryDescriptor, LPCWSTR lpAliasPrefix)
//
// sa determines who may open it; without it any process that knows the name and the boundary may. The caller must be
// within the boundary. Two namespaces may have the same name and different boundaries.
//
// Errors are of type [syscall.Errno], and the handle is then 0: ERROR_ALREADY_EXISTS for a namespace that exists,
// which [OpenPrivateNamespace] opens. Microsoft does not name others, such as the one for a caller outside of the
// boundary. The call does not block and may be made from any thread. The namespace ends with the process, if not before.
//
// Since Windows Vista. See "CreatePrivateNamespaceW function (namespaceapi.h)".
func CreatePrivateNamespace(sa *SecurityAttributes, boundary Handle, prefix *uint16) (Handle, error) {
	addr, err := procCreatePrivateNamespaceW.find()
	if err != nil {
		return 0, err
	}
	return opened(syscall.SyscallN(addr, uintptr(unsafe.Pointer(sa)), uintptr(boundary), uintptr(unsafe.Pointer(prefix))))
}

// OpenPrivateNamespace opens a private namespace that another process has made.
//
//	HANDLE OpenPrivateNamespaceW(LPVOID lpBoundaryDescriptor, LPCWSTR lpAliasPrefix)
//
// Prefix and boundary are those that it was made with; the caller may be outside of the boundary. Errors are of
// type [syscall.Errno]; Microsoft names none. The call does not block and may be made from any thread.
//
// Since Windows Vista. See "OpenPrivateNamespaceW function (namespaceapi.h)".
func OpenPrivateNamespace(boundary Handle, prefix *uint16) (Handle, error) {
	addr, err := procOpenPrivateNamespaceW.find()
	if err != nil {
		return 0, err
	}
	return opened(syscall.SyscallN(addr, uintptr(boundary), uintptr(unsafe.Pointer(prefix))))
}

// ClosePrivateNamespace closes the handle of a private namespace. Objects in it remain as long as they have
// handles.
//
//	BOOLEAN ClosePrivateNamespace(HANDLE Handle, ULONG Flags)
//
// With PRIVATE_NAMESPACE_FLAG_DESTROY the namespace cannot be opened any more, and its name is free; otherwise
// flags is 0. Errors are of type [syscall.Errno]; Microsoft names none. The call does not block and may be made
// from any thread.
//
// Since Windows Vista. See "ClosePrivateNamespace function (namespaceapi.h)".
func ClosePrivateNamespace(h Handle, flags uint32) error {
	addr, err := procClosePrivateNamespace.find()
	if err != nil {
		return err
	}
	r, _, errno := syscall.SyscallN(addr, uintptr(h), uintptr(flags))
	if uint8(r) == 0 { // a BOOLEAN has 8 bits
		return errnoError(errno)
	}
	return nil
}

// addSID calls a function that adds a SID to a boundary.
func (p *proc) addSID(boundary *Handle, sid *SID) error {
	addr, err := p.find()
	if err != nil {
		return err
	}
	return succeeded(syscall.SyscallN(addr, uintptr(unsafe.Pointer(boundary)), uintptr(unsafe.Pointer(sid))))
}
