// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/sys/windows"
)

func TestEvent(t *testing.T) {
	for _, manual := range []bool{false, true} {
		for _, set := range []bool{false, true} {
			flags := uint32(0)
			if manual {
				flags |= windows.CREATE_EVENT_MANUAL_RESET
			}
			if set {
				flags |= windows.CREATE_EVENT_INITIAL_SET
			}
			for _, e := range []windows.Handle{
				opened(t)(windows.CreateEvent(nil, manual, set, nil)),
				opened(t)(windows.CreateEventEx(nil, nil, flags, windows.EVENT_ALL_ACCESS)),
			} {
				if set {
					wait(t, e, 0, windows.WAIT_OBJECT_0)
				} else {
					wait(t, e, 0, windows.WAIT_TIMEOUT)
				}
				ok(t, windows.SetEvent(e))
				ok(t, windows.SetEvent(e)) // no more than once
				wait(t, e, 0, windows.WAIT_OBJECT_0)
				if manual {
					wait(t, e, 0, windows.WAIT_OBJECT_0)
				} else {
					wait(t, e, 0, windows.WAIT_TIMEOUT) // the wait has reset it
				}
				ok(t, windows.ResetEvent(e))
				wait(t, e, 1, windows.WAIT_TIMEOUT)
				ok(t, windows.PulseEvent(e))
				wait(t, e, 0, windows.WAIT_TIMEOUT)
			}
		}
	}
}

// TestEventWakes checks that a set event ends waits of every length.
func TestEventWakes(t *testing.T) {
	for _, ms := range []uint32{windows.INFINITE, 0xFFFFFFFE, windows.Milliseconds(50 * day)} {
		e := opened(t)(windows.CreateEvent(nil, true, false, nil))
		var waiting atomic.Int32
		joins := []func(){}
		for range 3 {
			joins = append(joins, start(t, func() {
				waiting.Add(1)
				wait(t, e, ms, windows.WAIT_OBJECT_0)
			}))
		}
		until(t, "three threads wait", func() bool { return waiting.Load() == 3 })
		ok(t, windows.SetEvent(e))
		for _, join := range joins {
			join()
		}
	}
}
