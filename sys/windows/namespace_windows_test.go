// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"fmt"
	"os"
	"testing"

	xwindows "golang.org/x/sys/windows"

	"github.com/osync-go/osync/sys/windows"
)

// everyone describes a boundary that everybody is within, or is 0 if the system has no such thing.
func everyone(t *testing.T) windows.Handle {
	t.Helper()
	boundary, err := windows.CreateBoundaryDescriptor(utf16(t, "osync's tests"), 0)
	if unsupported(t, "CreateBoundaryDescriptorW", err) {
		return 0
	}
	if err != nil {
		if notWine(t, "it makes no boundaries: "+err.Error()) {
			t.Fatal(err)
		}
		return 0
	}
	sid, err := xwindows.CreateWellKnownSid(xwindows.WinWorldSid)
	ok(t, err)
	if err := windows.AddSIDToBoundaryDescriptor(&boundary, sid); unsupported(t, "AddSIDToBoundaryDescriptor", err) {
		return 0
	} else if err != nil {
		t.Fatal(err)
	}
	low, err := xwindows.CreateWellKnownSid(xwindows.WinLowLabelSid)
	ok(t, err)
	if err := windows.AddIntegrityLabelToBoundaryDescriptor(&boundary, low); !unsupported(t, "AddIntegrityLabelToBoundaryDescriptor", err) {
		ok(t, err)
	}
	t.Cleanup(func() { ok(t, windows.DeleteBoundaryDescriptor(boundary)) })
	return boundary
}

// TestPrivateNamespace makes a namespace with an event in it, finds both, and destroys the namespace.
func TestPrivateNamespace(t *testing.T) {
	boundary := everyone(t)
	if boundary == 0 {
		t.Skip("not checked: this system has no boundaries of private namespaces")
	}
	prefix := fmt.Sprintf("osync-%d-private", os.Getpid())
	space, err := windows.CreatePrivateNamespace(nil, boundary, utf16(t, prefix))
	if unsupported(t, "CreatePrivateNamespaceW", err) {
		t.Skip("not checked: this system has no private namespaces")
	}
	ok(t, err)
	h, err := windows.CreatePrivateNamespace(nil, boundary, utf16(t, prefix))
	fails(t, "create what is there", err) // ERROR_ALREADY_EXISTS in another process
	if h != 0 {
		t.Errorf("create what is there: the handle %#x beside the error", h)
	}
	event := opened(t)(windows.CreateEvent(nil, true, true, utf16(t, prefix+`\event`)))
	again := opened(t)(windows.OpenEvent(windows.SYNCHRONIZE, false, utf16(t, prefix+`\event`)))
	wait(t, again, 0, windows.WAIT_OBJECT_0)
	_, err = windows.OpenEvent(windows.SYNCHRONIZE, false, utf16(t, `Local\event`))
	wantError(t, "open it without the prefix", err, windows.ERROR_FILE_NOT_FOUND)

	ok(t, windows.ClosePrivateNamespace(space, windows.PRIVATE_NAMESPACE_FLAG_DESTROY))
	ok(t, windows.SetEvent(event))
	_, err = windows.OpenPrivateNamespace(boundary, utf16(t, prefix))
	fails(t, "open what is destroyed", err)
}
