// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native_test

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

const mutexSize, rwMutexSize, condSize = 16, 32, 8

// comeRound returns how many threads must start before the kernel reuses an id.
func comeRound(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/sys/kernel/pid_max")
	if err != nil {
		t.Skipf("the kernel does not tell when it uses an id again: %v", err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || n > 1<<16 || testing.Short() {
		t.Skipf("the kernel uses an id again after %d threads: too many for the test", n)
	}
	return 2 * n
}
