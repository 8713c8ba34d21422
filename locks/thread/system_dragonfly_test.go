// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"strings"
	"testing"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/dragonfly"
)

// cutName is what osync gives the system of longName.
const cutName = "osync's own thre"

// systemPriorities is empty: there is no binding.
var systemPriorities map[thread.Priority]string

// systemName reads the name of the calling thread back.
func systemName(t *testing.T) string {
	buf := make([]byte, 100)
	if err := dragonfly.LwpGetname(dragonfly.LwpGettid(), buf); err != nil {
		t.Skipf("lwp_getname: %v", err)
	}
	name, _, _ := strings.Cut(string(buf), "\x00")
	return name
}

func systemPriority(*testing.T) string { return "" }
