// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package openbsd_test

import (
	"testing"

	"github.com/osync-go/osync/internal/layout"
)

// TestConstants compares the numbers with sys/sys/futex.h of OpenBSD 7.8, and MAXCOMLEN with getthrname(2).
func TestConstants(t *testing.T) {
	want := map[string]int64{
		"FUTEX_WAIT": 1, "FUTEX_WAKE": 2, "FUTEX_REQUEUE": 3, "FUTEX_PRIVATE_FLAG": 128,
		"FUTEX_WAIT_PRIVATE": 129, "FUTEX_WAKE_PRIVATE": 130, "FUTEX_REQUEUE_PRIVATE": 131,
		"FUTEX_OP_MASK": 0x7f, "FUTEX_FLAG_MASK": 0xff80, "MAXCOMLEN": 23,
	}
	p := layout.Load(t, ".", "openbsd", "amd64")
	for name, n := range want {
		p.Want(name, n)
	}
	for _, name := range p.Constants() {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is not compared with a header", name)
		}
	}
}
