// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	xwindows "golang.org/x/sys/windows"

	"github.com/osync-go/osync/sys/windows"
)

// objectName makes a name that no other run of the tests uses.
func objectName(t *testing.T) *uint16 {
	t.Helper()
	test := strings.NewReplacer("/", "-", `\`, "-").Replace(t.Name())
	return utf16(t, fmt.Sprintf(`Local\osync-%d-%s`, os.Getpid(), test))
}

func utf16(t *testing.T, s string) *uint16 {
	t.Helper()
	p, err := syscall.UTF16PtrFromString(s)
	ok(t, err)
	return p
}

// opened checks a call that makes a handle, and closes the handle at the end of the test.
func opened(t *testing.T) func(h windows.Handle, err error) windows.Handle {
	return func(h windows.Handle, err error) windows.Handle {
		t.Helper()
		ok(t, err)
		t.Cleanup(func() { ok(t, windows.CloseHandle(h)) })
		return h
	}
}

// wait is WaitForSingleObject, and fails the test for any other result.
func wait(t *testing.T, h windows.Handle, ms uint32, want windows.WaitResult) {
	t.Helper()
	got, err := windows.WaitForSingleObject(h, ms)
	if err != nil || got != want {
		t.Errorf("WaitForSingleObject: %v, %v; want %v", got, err, want)
	}
}

// A kind is one kind of object with a name.
type kind struct {
	name     string
	create   func(sa *windows.SecurityAttributes, name *uint16) (windows.Handle, error)
	createEx func(sa *windows.SecurityAttributes, name *uint16, access uint32) (windows.Handle, error)
	open     func(access uint32, inherit bool, name *uint16) (windows.Handle, error)
	// change makes the call that needs the right to modify the object, if such a right is asked for.
	change func(h windows.Handle) error
	modify uint32
	all    uint32
}

var kinds = []kind{
	{
		name: "mutex",
		create: func(sa *windows.SecurityAttributes, name *uint16) (windows.Handle, error) {
			return windows.CreateMutex(sa, false, name)
		},
		createEx: func(sa *windows.SecurityAttributes, name *uint16, access uint32) (windows.Handle, error) {
			return windows.CreateMutexEx(sa, name, 0, access)
		},
		open:   windows.OpenMutex,
		modify: windows.MUTEX_MODIFY_STATE, all: windows.MUTEX_ALL_ACCESS,
	},
	{
		name: "event",
		create: func(sa *windows.SecurityAttributes, name *uint16) (windows.Handle, error) {
			return windows.CreateEvent(sa, true, false, name)
		},
		createEx: func(sa *windows.SecurityAttributes, name *uint16, access uint32) (windows.Handle, error) {
			return windows.CreateEventEx(sa, name, 0, access)
		},
		open: windows.OpenEvent, change: windows.SetEvent,
		modify: windows.EVENT_MODIFY_STATE, all: windows.EVENT_ALL_ACCESS,
	},
	{
		name: "semaphore",
		create: func(sa *windows.SecurityAttributes, name *uint16) (windows.Handle, error) {
			return windows.CreateSemaphore(sa, 0, 10, name)
		},
		createEx: func(sa *windows.SecurityAttributes, name *uint16, access uint32) (windows.Handle, error) {
			return windows.CreateSemaphoreEx(sa, 0, 10, name, 0, access)
		},
		open:   windows.OpenSemaphore,
		change: func(h windows.Handle) error { _, err := windows.ReleaseSemaphore(h, 1); return err },
		modify: windows.SEMAPHORE_MODIFY_STATE, all: windows.SEMAPHORE_ALL_ACCESS,
	},
	{
		name: "timer",
		create: func(sa *windows.SecurityAttributes, name *uint16) (windows.Handle, error) {
			return windows.CreateWaitableTimer(sa, true, name)
		},
		createEx: func(sa *windows.SecurityAttributes, name *uint16, access uint32) (windows.Handle, error) {
			return windows.CreateWaitableTimerEx(sa, name, 0, access)
		},
		open: windows.OpenWaitableTimer, change: windows.CancelWaitableTimer,
		modify: windows.TIMER_MODIFY_STATE, all: windows.TIMER_ALL_ACCESS,
	},
}

func eachKind(t *testing.T, f func(t *testing.T, k, other kind)) {
	for i, k := range kinds {
		t.Run(k.name, func(t *testing.T) { f(t, k, kinds[(i+1)%len(kinds)]) })
	}
}

func TestObjectNames(t *testing.T) {
	eachKind(t, func(t *testing.T, k, other kind) {
		name := objectName(t)
		_, err := k.open(windows.SYNCHRONIZE, false, name)
		wantError(t, "open what is not there", err, windows.ERROR_FILE_NOT_FOUND)

		opened(t)(k.create(nil, name))
		for what, create := range map[string]func() (windows.Handle, error){
			"create":   func() (windows.Handle, error) { return k.create(nil, name) },
			"createEx": func() (windows.Handle, error) { return k.createEx(nil, name, k.all) },
		} {
			h, err := create()
			wantError(t, what+" what is there", err, windows.ERROR_ALREADY_EXISTS)
			if h == 0 {
				t.Errorf("%s what is there: no handle", what)
			} else {
				ok(t, windows.CloseHandle(h))
			}
		}
		opened(t)(k.open(k.all, false, name))

		h, err := other.create(nil, name)
		wantError(t, "create another kind", err, windows.ERROR_INVALID_HANDLE)
		if h != 0 {
			t.Errorf("create another kind: the handle %#x beside the error", h)
		}
		_, err = other.open(windows.SYNCHRONIZE, false, name)
		wantError(t, "open as another kind", err, windows.ERROR_INVALID_HANDLE)
	})
}

func TestBadObjectNames(t *testing.T) {
	eachKind(t, func(t *testing.T, k, _ kind) {
		for _, name := range []string{`Local\osync\backslash`, `Nowhere\osync`, `osync\backslash`} {
			_, err := k.create(nil, utf16(t, name))
			wantError(t, "create "+name, err, windows.ERROR_PATH_NOT_FOUND)
			_, err = k.open(windows.SYNCHRONIZE, false, utf16(t, name))
			wantError(t, "open "+name, err, windows.ERROR_PATH_NOT_FOUND)
		}
		_, err := k.open(windows.SYNCHRONIZE, false, nil)
		wantError(t, "open nil", err, windows.ERROR_INVALID_PARAMETER)
	})
}

func TestAccessDenied(t *testing.T) {
	eachKind(t, func(t *testing.T, k, _ kind) {
		if k.change != nil {
			h := opened(t)(k.createEx(nil, nil, windows.SYNCHRONIZE))
			wantError(t, "change it without the right", k.change(h), windows.ERROR_ACCESS_DENIED)
		}
		h := opened(t)(k.createEx(nil, nil, k.modify))
		result, err := windows.WaitForSingleObject(h, 0)
		wantError(t, "wait without the right", err, windows.ERROR_ACCESS_DENIED)
		if result != windows.WAIT_FAILED {
			t.Errorf("wait without the right: %v, want WAIT_FAILED", result)
		}
	})
}

// TestAccessDeniedByOwner opens, by its name, an object that its owner has closed to everyone.
func TestAccessDeniedByOwner(t *testing.T) {
	nobody, err := xwindows.SecurityDescriptorFromString("D:P(D;;GA;;;WD)")
	ok(t, err)
	sa := &windows.SecurityAttributes{SecurityDescriptor: nobody}
	sa.Length = sizeofSecurityAttributes
	eachKind(t, func(t *testing.T, k, _ kind) {
		if k.name == "timer" && !notWine(t, "it denies a timer to its creator, too") {
			return
		}
		name := objectName(t)
		opened(t)(k.create(sa, name))
		_, err := k.open(k.all, false, name)
		wantError(t, "open", err, windows.ERROR_ACCESS_DENIED)
		_, err = k.create(nil, name)
		wantError(t, "create", err, windows.ERROR_ACCESS_DENIED)
	})
}

func TestInvalidHandles(t *testing.T) {
	event := opened(t)(windows.CreateEvent(nil, true, true, nil))
	mutex := opened(t)(windows.CreateMutex(nil, false, nil))
	const unknown = 0x0BADBAD0 // not a closed handle, whose number another thread may get
	releaseSemaphore := func(h windows.Handle) error { _, err := windows.ReleaseSemaphore(h, 1); return err }
	single := func(h windows.Handle) error { _, err := windows.WaitForSingleObject(h, 0); return err }
	for _, c := range []struct {
		what  string
		call  func(h windows.Handle) error
		wrong windows.Handle // of another kind, or 0
	}{
		{"ReleaseMutex", windows.ReleaseMutex, event},
		{"SetEvent", windows.SetEvent, mutex},
		{"ResetEvent", windows.ResetEvent, mutex},
		{"PulseEvent", windows.PulseEvent, mutex},
		{"ReleaseSemaphore", releaseSemaphore, event},
		{"SetWaitableTimer", func(h windows.Handle) error { return windows.SetWaitableTimer(h, -1, 0, 0, 0, false) }, event},
		{"SetWaitableTimerEx", func(h windows.Handle) error { return setEx(h, -1, 0, 0, 0, false) }, event},
		{"CancelWaitableTimer", windows.CancelWaitableTimer, event},
		{"WaitForSingleObject", single, 0},
		{"WaitForSingleObjectEx", func(h windows.Handle) error { _, err := windows.WaitForSingleObjectEx(h, 0, true); return err }, 0},
		{"WaitForMultipleObjects", func(h windows.Handle) error {
			_, err := windows.WaitForMultipleObjects([]windows.Handle{event, h}, true, 0)
			return err
		}, 0},
		{"WaitForMultipleObjectsEx", func(h windows.Handle) error {
			_, err := windows.WaitForMultipleObjectsEx([]windows.Handle{event, h}, true, 0, false)
			return err
		}, 0},
		{"SignalObjectAndWait", func(h windows.Handle) error { _, err := windows.SignalObjectAndWait(h, event, 0, false); return err }, 0},
		{"CloseHandle", windows.CloseHandle, 0},
		{"SetThreadPriority", func(h windows.Handle) error { return windows.SetThreadPriority(h, 0) }, event},
		{"GetThreadPriority", func(h windows.Handle) error { _, err := windows.GetThreadPriority(h); return err }, event},
		{"SetThreadAffinityMask", func(h windows.Handle) error { _, err := windows.SetThreadAffinityMask(h, 1); return err }, event},
		{"GetThreadGroupAffinity", func(h windows.Handle) error { _, err := windows.GetThreadGroupAffinity(h); return err }, event},
	} {
		for _, h := range []windows.Handle{0, unknown, c.wrong} {
			wantError(t, fmt.Sprintf("%s of handle %#x", c.what, uintptr(h)), c.call(h), windows.ERROR_INVALID_HANDLE)
		}
	}
}
