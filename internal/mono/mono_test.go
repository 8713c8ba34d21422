// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package mono

import (
	"testing"
	"time"
)

func TestNow(t *testing.T) {
	begin, a := time.Now(), Now()
	for time.Since(begin) < 2*time.Millisecond {
	}
	b, took := Now(), time.Since(begin)
	if passed := time.Duration(b - a); passed < time.Millisecond || passed > took {
		t.Errorf("%v passed by Now, %v by time.Since", passed, took)
	}
	if a < int64(time.Hour) {
		t.Errorf("Now() = %d, want more than an hour", a)
	}
}
