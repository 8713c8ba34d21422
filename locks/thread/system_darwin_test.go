// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/darwin"
)

// cutName is the name that the system keeps: all of it.
const cutName = longName

// systemName reads the name of the calling thread back.
func systemName(t *testing.T) string {
	buf := make([]byte, 64)
	if err := darwin.PthreadGetnameNp(darwin.PthreadSelf(), buf); err != nil {
		t.Fatal(err)
	}
	name, _, _ := strings.Cut(string(buf), "\x00")
	return name
}

// systemPriorities are the classes of quality of service.
var systemPriorities = map[thread.Priority]string{
	thread.Lowest: "0x9", thread.Low: "0x11", thread.Normal: "0x15", thread.High: "0x19", thread.Highest: "0x21",
}

// systemPriority reads the class of the calling thread back.
func systemPriority(*testing.T) string { return fmt.Sprintf("%#x", darwin.QosClassSelf()) }
