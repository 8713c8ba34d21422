// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package mono

import (
	"testing"
	"time"
)

func TestNow(t *testing.T) {
	outside, a := time.Now(), Now()
	inside := time.Now() // the thread may be held up between any two of these
	for time.Since(inside) < 2*time.Millisecond {
	}
	b, took := Now(), time.Since(outside)
	if passed := time.Duration(b - a); passed < time.Millisecond || passed > took {
		t.Errorf("%v passed by Now, %v by time.Since", passed, took)
	}
	if a < int64(time.Hour) {
		t.Errorf("Now() = %d, want more than an hour", a)
	}
}
