// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard_test

import (
	"fmt"

	"github.com/osync-go/osync/locks/guard"
)

func ExampleMutex_AssertHeld() {
	sum, limits := guard.NewMutex(0), guard.NewRWMutex(10)
	// add must be called with sum locked, and limits at least for reading. Built with -tags osync_debug, it reports a
	// caller that does not hold them.
	add := func(p *int, n, limit int) {
		sum.AssertHeld()
		limits.AssertRHeld()
		*p = min(*p+n, limit)
	}
	sum.With(func(p *int) {
		limits.Read(func(limit int) { add(p, 7, limit); add(p, 7, limit) })
		limits.With(func(*int) { limits.AssertHeld() })
		fmt.Println(*p)
	})
	// Output: 10
}
