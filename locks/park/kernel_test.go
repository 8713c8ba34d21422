// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"runtime"
	"testing"

	"github.com/osync-go/osync/locks/park"
)

func TestBackend(t *testing.T) {
	if runtime.GOOS == "linux" && park.Backend() != "kernel (futex)" && park.Backend() != "scheduler" {
		t.Errorf("Backend() = %q", park.Backend())
	}
	t.Logf("pinned threads sleep in the %s", park.Backend())
}
