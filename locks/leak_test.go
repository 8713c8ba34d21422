// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"testing"

	"github.com/osync-go/osync/internal/locktest"
)

// TestLeakProfileNamesNoLiveWaiter looks for waiters in the profile of leaked goroutines.
func TestLeakProfileNamesNoLiveWaiter(t *testing.T) { locktest.LeakProfile(t, pinned, limitable) }
