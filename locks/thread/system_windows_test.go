// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"fmt"
	"testing"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/windows"
)

// cutName is the name that the system keeps: all of it.
const cutName = longName

// systemPriorities are those of SetThreadPriority.
var systemPriorities = map[thread.Priority]string{
	thread.Lowest: "-2", thread.Low: "-1", thread.Normal: "0", thread.High: "1", thread.Highest: "2",
}

// systemName reads the name of the calling thread back.
func systemName(t *testing.T) string {
	name, err := windows.GetThreadDescription(windows.CurrentThread)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// systemPriority reads the priority of the calling thread back.
func systemPriority(t *testing.T) string {
	priority, err := windows.GetThreadPriority(windows.CurrentThread)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(priority)
}
