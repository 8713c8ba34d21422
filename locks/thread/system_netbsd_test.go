// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"testing"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/netbsd"
	"golang.org/x/sys/unix"
)

// cutName is the part of the name that the system keeps.
const cutName = "osync's own thr"

// systemPriorities is empty: there is no binding.
var systemPriorities map[thread.Priority]string

// systemName reads the name of the calling thread back.
func systemName(t *testing.T) string {
	buf := make([]byte, 16)
	if err := netbsd.LwpGetname(0, buf); err != nil {
		t.Fatal(err)
	}
	return unix.ByteSliceToString(buf)
}

func systemPriority(*testing.T) string { return "" }
