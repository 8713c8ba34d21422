// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"testing"
	"unsafe"

	xwindows "golang.org/x/sys/windows"

	"github.com/osync-go/osync/sys/windows"
)

// pointer makes a pointer to memory that Go does not manage.
func pointer(addr uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&addr)) }

// TestSection maps a section twice, by its handle and by its name, at an address of the caller's choice.
func TestSection(t *testing.T) {
	const size = 1 << 17
	name := objectName(t)
	if _, err := windows.OpenFileMapping(windows.FILE_MAP_WRITE, false, name); err != windows.ERROR_FILE_NOT_FOUND {
		t.Errorf("OpenFileMapping before there is one: %v", err)
	}
	section := opened(t)(xwindows.CreateFileMapping(xwindows.InvalidHandle, nil, xwindows.PAGE_READWRITE, 0, size, name))
	other := opened(t)(windows.OpenFileMapping(windows.FILE_MAP_READ|windows.FILE_MAP_WRITE, false, name))
	view := func(section windows.Handle, offset uint64, n, at uintptr) uintptr {
		t.Helper()
		got, err := windows.MapViewOfFileEx(section, windows.FILE_MAP_WRITE, offset, n, at)
		ok(t, err)
		t.Cleanup(func() { ok(t, xwindows.UnmapViewOfFile(got)) })
		return got
	}
	free, err := xwindows.VirtualAlloc(0, size, xwindows.MEM_RESERVE, xwindows.PAGE_NOACCESS)
	ok(t, err)
	if _, err := windows.MapViewOfFileEx(other, windows.FILE_MAP_WRITE, 0, size, free); err != windows.ERROR_INVALID_ADDRESS {
		t.Errorf("MapViewOfFileEx where something is: %v", err)
	}
	ok(t, xwindows.VirtualFree(free, 0, xwindows.MEM_RELEASE))
	b := view(other, 1<<16, 1<<16, free)
	a := view(section, 0, 0, 0)
	if b != free {
		t.Errorf("the view is at %#x, not at %#x", b, free)
	}
	*(*uint64)(pointer(a + 1<<16)) = 42
	if got := *(*uint64)(pointer(b)); got != 42 {
		t.Errorf("the second view has %d", got)
	}
	if _, err := windows.MapViewOfFileEx(section, windows.FILE_MAP_WRITE, 1, 1, 0); err != windows.ERROR_MAPPED_ALIGNMENT {
		t.Errorf("MapViewOfFileEx of an odd offset: %v", err)
	}
	if _, err := windows.MapViewOfFileEx(section, windows.FILE_MAP_WRITE, 0, 2*size, 0); err != windows.ERROR_ACCESS_DENIED {
		t.Errorf("MapViewOfFileEx of more than there is: %v", err)
	}
	if _, err := windows.MapViewOfFileEx(0, windows.FILE_MAP_WRITE, 0, 0, 0); err != windows.ERROR_INVALID_HANDLE {
		t.Errorf("MapViewOfFileEx of no handle: %v", err)
	}
}

// TestHandleCount has NtQueryObject count the handles of an event.
func TestHandleCount(t *testing.T) {
	name := objectName(t)
	e := opened(t)(windows.CreateEvent(nil, false, false, name))
	count := func() uint32 {
		t.Helper()
		var info windows.ObjectBasicInfo
		n, err := windows.NtQueryObject(e, windows.ObjectBasicInformation, unsafe.Pointer(&info), uint32(unsafe.Sizeof(info)))
		ok(t, err)
		if n != uint32(unsafe.Sizeof(info)) {
			t.Errorf("NtQueryObject wrote %d bytes", n)
		}
		return info.HandleCount
	}
	if n := count(); n != 1 {
		t.Errorf("%d handles, not 1", n)
	}
	other, err := windows.OpenEvent(windows.SYNCHRONIZE, false, name)
	ok(t, err)
	if n := count(); n != 2 {
		t.Errorf("%d handles, not 2", n)
	}
	ok(t, windows.CloseHandle(other))
	if n := count(); n != 1 {
		t.Errorf("%d handles, not 1", n)
	}
	var info windows.ObjectBasicInfo
	for _, c := range []struct {
		h    windows.Handle
		size uint32
		want windows.NTStatus
	}{{0, uint32(unsafe.Sizeof(info)), windows.STATUS_INVALID_HANDLE}, {e, 8, windows.STATUS_INFO_LENGTH_MISMATCH}} {
		if _, err := windows.NtQueryObject(c.h, windows.ObjectBasicInformation, unsafe.Pointer(&info), c.size); err != c.want {
			t.Errorf("NtQueryObject: %v, want %v", err, c.want)
		}
	}
}
