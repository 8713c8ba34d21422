// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native_test

import (
	"runtime/debug"
	"strings"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
)

func TestMain(m *testing.M) { locktest.Main(m) }

// onThread reports whether the calling goroutine is locked to its thread, by its stack dump.
func onThread() bool {
	head, _, _ := strings.Cut(string(debug.Stack()), "\n")
	return strings.Contains(head, "locked to thread")
}
