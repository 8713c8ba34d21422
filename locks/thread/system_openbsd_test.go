// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"testing"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/openbsd"
	"golang.org/x/sys/unix"
)

// cutName is the name that the system keeps: all of it.
const cutName = longName

// systemPriorities is empty: there is no priority of a thread.
var systemPriorities map[thread.Priority]string

// systemName reads the name of the calling thread back.
func systemName(t *testing.T) string {
	buf := make([]byte, openbsd.MAXCOMLEN+1)
	if err := openbsd.Getthrname(0, buf); err != nil {
		t.Fatal(err)
	}
	return unix.ByteSliceToString(buf)
}

func systemPriority(*testing.T) string { return "" }
