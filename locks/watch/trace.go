// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch

import (
	"cmp"
	"context"
	"runtime/trace"

	"github.com/osync-go/osync/locks/internal/observe"
)

// startRegion begins the region of a wait in the execution trace.
func startRegion(w observe.Wait) observe.Region {
	l, _ := describe(&w)
	return trace.StartRegion(context.Background(), "osync: "+cmp.Or(l.Name, l.Type))
}
