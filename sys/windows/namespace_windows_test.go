// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"

	xwindows "golang.org/x/sys/windows"

	"github.com/osync-go/osync/sys/windows"
)

// everyone describes a boundary that contains every user whose integrity level is low or higher. Two equal descriptions
// make the same boundary.
func everyone() (boundary windows.Handle, err error) {
	name, err := syscall.UTF16PtrFromString("osync's tests")
	if err != nil {
		return 0, err
	}
	if boundary, err = windows.CreateBoundaryDescriptor(name, 0); err != nil {
		return 0, err
	}
	all, errAll := xwindows.CreateWellKnownSid(xwindows.WinWorldSid)
	low, errLow := xwindows.CreateWellKnownSid(xwindows.WinLowLabelSid)
	if err := errors.Join(errAll, errLow); err != nil {
		return 0, err
	}
	if err := windows.AddSIDToBoundaryDescriptor(&boundary, all); err != nil {
		return 0, err
	}
	return boundary, windows.AddIntegrityLabelToBoundaryDescriptor(&boundary, low)
}

// joinNamespace is what another process does with the namespace: it fails to create it, opens it, and sets the event in it.
func joinNamespace(prefix string) error {
	boundary, err := everyone()
	if err != nil {
		return err
	}
	defer windows.DeleteBoundaryDescriptor(boundary)
	p, err := syscall.UTF16PtrFromString(prefix)
	if err != nil {
		return err
	}
	if h, err := windows.CreatePrivateNamespace(nil, boundary, p); h != 0 || err != error(windows.ERROR_ALREADY_EXISTS) {
		return fmt.Errorf("create what another process has created: %#x, %w", h, err)
	}
	space, err := windows.OpenPrivateNamespace(boundary, p)
	if err != nil {
		return fmt.Errorf("open the namespace: %w", err)
	}
	event, err := openChild(windows.OpenEvent, windows.EVENT_MODIFY_STATE, prefix+`\event`)
	if err != nil {
		return err
	}
	return errors.Join(windows.SetEvent(event), windows.CloseHandle(event), windows.ClosePrivateNamespace(space, 0))
}

// TestPrivateNamespace makes a namespace with an event in it, lets another process find both, and destroys the namespace.
func TestPrivateNamespace(t *testing.T) {
	boundary, err := everyone()
	if err != nil {
		if errors.Is(err, errors.ErrUnsupported) || !notWine(t, "it makes no boundaries") {
			t.Skip("not checked: this system has no private namespaces:", err)
		}
		t.Fatal(err)
	}
	defer func() { ok(t, windows.DeleteBoundaryDescriptor(boundary)) }()
	prefix := fmt.Sprintf("osync-%d-private", os.Getpid())
	_, err = windows.OpenPrivateNamespace(boundary, utf16(t, prefix))
	fails(t, "open what is not there", err)
	space, err := windows.CreatePrivateNamespace(nil, boundary, utf16(t, prefix))
	ok(t, err)
	event := opened(t)(windows.CreateEvent(nil, true, false, utf16(t, prefix+`\event`)))
	_, err = windows.OpenEvent(windows.SYNCHRONIZE, false, utf16(t, `Local\event`))
	wantError(t, "open it without the prefix", err, windows.ERROR_FILE_NOT_FOUND)

	c := startChild(t, "namespace", prefix)
	for c.out.Scan() {
		t.Errorf("the child says %q", c.out.Text())
	}
	ok(t, c.cmd.Wait())
	wait(t, event, 0, windows.WAIT_OBJECT_0)

	ok(t, windows.ClosePrivateNamespace(space, windows.PRIVATE_NAMESPACE_FLAG_DESTROY))
	ok(t, windows.SetEvent(event))
	_, err = windows.OpenPrivateNamespace(boundary, utf16(t, prefix))
	fails(t, "open what is destroyed", err)
}
