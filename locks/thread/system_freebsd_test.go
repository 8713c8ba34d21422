// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/osync-go/osync/locks/thread"
)

// cutName is the name that the system keeps: all of it.
const cutName = longName

// systemPriorities is empty: there is no binding.
var systemPriorities map[thread.Priority]string

// systemName asks ps for the name of the calling thread: the kernel reports it only in the list of all
// threads.
func systemName(t *testing.T) string {
	out, err := exec.Command("ps", "-H", "-o", "lwp=,tdname=", "-p", fmt.Sprint(os.Getpid())).Output()
	if err != nil {
		t.Skipf("ps: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		id, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		if id == fmt.Sprint(thread.ID()) {
			return strings.TrimSpace(name)
		}
	}
	t.Fatalf("ps does not know the thread %d:\n%s", thread.ID(), out)
	return ""
}

func systemPriority(*testing.T) string { return "" }
