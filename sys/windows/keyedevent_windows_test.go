// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	xwindows "golang.org/x/sys/windows"

	"github.com/osync-go/osync/sys/windows"
)

// ticks is a timeout, as a pointer.
func ticks(d time.Duration) *int64 {
	n := windows.Ticks(d)
	return &n
}

// kernelName names an object as the kernel does, in the folder of names of the machine.
func kernelName(t *testing.T) *windows.ObjectAttributes {
	t.Helper()
	name, err := xwindows.NewNTUnicodeString(fmt.Sprintf(`\BaseNamedObjects\osync-%d-%s`, os.Getpid(), t.Name()))
	ok(t, err)
	a := &windows.ObjectAttributes{ObjectName: name}
	a.Length = uint32(unsafe.Sizeof(*a))
	return a
}

// TestKeyedEvent lets threads meet at two keys, whichever of the two comes first.
func TestKeyedEvent(t *testing.T) {
	mine := opened(t)(windows.NtCreateKeyedEvent(windows.KEYEDEVENT_ALL_ACCESS, nil, 0))
	for name, h := range map[string]windows.Handle{"own": mine, "the system's": 0} {
		var words [2]uint64
		a, b := uintptr(unsafe.Pointer(&words[0])), uintptr(unsafe.Pointer(&words[1]))
		const meetings = 20
		var met [2]atomic.Int32
		var joins []func()
		for i, key := range []uintptr{a, b} {
			joins = append(joins, start(t, func() {
				for range meetings {
					if err := windows.NtWaitForKeyedEvent(h, key, false, nil); err != nil {
						t.Error(err)
					}
					met[i].Add(1)
				}
			}))
		}
		for range meetings {
			ok(t, windows.NtReleaseKeyedEvent(h, a, false, nil))
		}
		joins[0]()
		if n := met[1].Load(); n != 0 {
			t.Errorf("%s: %d releases of one key let waiters for another go", name, n)
		}
		wantError(t, name+": a release without a waiter", windows.NtReleaseKeyedEvent(h, a, false, ticks(time.Millisecond)), windows.STATUS_TIMEOUT)
		wantError(t, name+": a wait without a release", windows.NtWaitForKeyedEvent(h, a, false, ticks(0)), windows.STATUS_TIMEOUT)
		for range meetings {
			ok(t, windows.NtReleaseKeyedEvent(h, b, false, nil))
		}
		joins[1]()
	}
}

// TestKeyedEventReleaseBlocks releases a key before any thread waits for it: the release returns when one does.
func TestKeyedEventReleaseBlocks(t *testing.T) {
	h := opened(t)(windows.NtCreateKeyedEvent(windows.KEYEDEVENT_ALL_ACCESS, nil, 0))
	const key = 2
	var released atomic.Bool
	join := start(t, func() {
		if err := windows.NtReleaseKeyedEvent(h, key, false, nil); err != nil {
			t.Error(err)
		}
		released.Store(true)
	})
	time.Sleep(5 * time.Millisecond) // in which a release that does not block would return
	if released.Load() {
		t.Error("a release without a waiter has returned")
	}
	ok(t, windows.NtWaitForKeyedEvent(h, key, false, nil))
	join()
}

// TestKeyedEventAPC ends an alertable wait, and an alertable release, by an APC.
func TestKeyedEventAPC(t *testing.T) {
	pinned(t)
	takeCalled()
	for name, meet := range map[string]func(h windows.Handle, key uintptr, alertable bool, timeout *int64) error{
		"NtWaitForKeyedEvent": windows.NtWaitForKeyedEvent, "NtReleaseKeyedEvent": windows.NtReleaseKeyedEvent,
	} {
		ok(t, windows.QueueUserAPC(record, windows.CurrentThread, 1))
		wantError(t, name+" that is not alertable", meet(0, 2, false, ticks(0)), windows.STATUS_TIMEOUT)
		wantError(t, name, meet(0, 2, true, nil), windows.STATUS_USER_APC)
		if got := takeCalled(); len(got) != 1 {
			t.Errorf("%s: the calls %v ran", name, got)
		}
	}
}

func TestKeyedEventNames(t *testing.T) {
	attributes := kernelName(t)
	_, err := windows.NtOpenKeyedEvent(windows.KEYEDEVENT_ALL_ACCESS, attributes)
	wantError(t, "open what is not there", err, windows.STATUS_OBJECT_NAME_NOT_FOUND)
	made, err := windows.NtCreateKeyedEvent(windows.KEYEDEVENT_ALL_ACCESS, attributes, 0)
	if err == error(windows.STATUS_ACCESS_DENIED) { // such names are the administrators'
		t.Skip("this user makes no objects in", attributes.ObjectName)
	}
	first := opened(t)(made, err)
	_, err = windows.NtCreateKeyedEvent(windows.KEYEDEVENT_ALL_ACCESS, attributes, 0)
	wantError(t, "create what is there", err, windows.STATUS_OBJECT_NAME_COLLISION)
	second := opened(t)(windows.NtOpenKeyedEvent(windows.KEYEDEVENT_WAKE, attributes))
	join := start(t, func() {
		if err := windows.NtWaitForKeyedEvent(first, 2, false, nil); err != nil {
			t.Error(err)
		}
	})
	ok(t, windows.NtReleaseKeyedEvent(second, 2, false, nil)) // another handle of the same object
	join()
}

func TestKeyedEventErrors(t *testing.T) {
	event := opened(t)(windows.CreateEvent(nil, true, true, nil))
	waits := opened(t)(windows.NtCreateKeyedEvent(windows.KEYEDEVENT_WAIT, nil, 0))
	wakes := opened(t)(windows.NtCreateKeyedEvent(windows.KEYEDEVENT_WAKE, nil, 0))
	for name, c := range map[string]struct {
		meet  func(h windows.Handle, key uintptr, alertable bool, timeout *int64) error
		blind windows.Handle
	}{
		"NtWaitForKeyedEvent": {windows.NtWaitForKeyedEvent, wakes},
		"NtReleaseKeyedEvent": {windows.NtReleaseKeyedEvent, waits},
	} {
		wantError(t, name+" of an odd key", c.meet(0, 3, false, ticks(0)), windows.STATUS_INVALID_PARAMETER_1)
		wantError(t, name+" of no handle", c.meet(0x0BADBAD0, 2, false, ticks(0)), windows.STATUS_INVALID_HANDLE)
		wantError(t, name+" of an event", c.meet(event, 2, false, ticks(0)), windows.STATUS_OBJECT_TYPE_MISMATCH)
		wantError(t, name+" without the right", c.meet(c.blind, 2, false, ticks(0)), windows.STATUS_ACCESS_DENIED)
	}
}
