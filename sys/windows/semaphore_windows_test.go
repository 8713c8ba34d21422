// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"testing"

	"github.com/osync-go/osync/sys/windows"
)

func TestSemaphore(t *testing.T) {
	s := opened(t)(windows.CreateSemaphore(nil, 1, 3, nil))
	release := func(n, want int32) {
		t.Helper()
		got, err := windows.ReleaseSemaphore(s, n)
		ok(t, err)
		if got != want {
			t.Errorf("the count was %d, want %d", got, want)
		}
	}
	wait(t, s, 0, windows.WAIT_OBJECT_0)
	wait(t, s, 0, windows.WAIT_TIMEOUT)
	release(2, 0)
	release(1, 2)
	for _, n := range []int32{1, 2, 1<<31 - 1} {
		_, err := windows.ReleaseSemaphore(s, n)
		wantError(t, "beyond the maximum", err, windows.ERROR_TOO_MANY_POSTS)
	}
	if notWine(t, "it lets a release of 0 pass, and says ERROR_TOO_MANY_POSTS to a negative one") {
		for _, n := range []int32{0, -1, -1 << 31} {
			_, err := windows.ReleaseSemaphore(s, n)
			wantError(t, "a release of less than 1", err, windows.ERROR_INVALID_PARAMETER)
		}
	}
	for range 3 { // the errors left the count as it was
		wait(t, s, 0, windows.WAIT_OBJECT_0)
	}
	wait(t, s, 1, windows.WAIT_TIMEOUT)
}

func TestSemaphoreCounts(t *testing.T) {
	for _, c := range []struct{ initial, maximum int32 }{{-1, 1}, {0, 0}, {0, -1}, {2, 1}} {
		_, err := windows.CreateSemaphore(nil, c.initial, c.maximum, nil)
		wantError(t, "CreateSemaphore", err, windows.ERROR_INVALID_PARAMETER)
		_, err = windows.CreateSemaphoreEx(nil, c.initial, c.maximum, nil, 0, windows.SEMAPHORE_ALL_ACCESS)
		wantError(t, "CreateSemaphoreEx", err, windows.ERROR_INVALID_PARAMETER)
	}
}

// TestSemaphoreLimits checks that no more threads than the semaphore allows are inside.
func TestSemaphoreLimits(t *testing.T) {
	const limit = 2
	s := opened(t)(windows.CreateSemaphoreEx(nil, limit, limit, nil, 0, windows.SEMAPHORE_ALL_ACCESS))
	places := make(chan struct{}, limit)
	together(t, 4, func(int) {
		for range 30 {
			wait(t, s, windows.INFINITE, windows.WAIT_OBJECT_0)
			select {
			case places <- struct{}{}:
				<-places
			default:
				t.Errorf("more than %d threads are inside", limit)
			}
			_, err := windows.ReleaseSemaphore(s, 1)
			ok(t, err)
		}
	})
}
