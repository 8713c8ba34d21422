// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/explored"
	"github.com/osync-go/osync/explore"
)

// TestExplore proves that the last of three owners releases the file, once.
func TestExplore(t *testing.T) {
	explored.Complete.Check(t, func(x *explore.Run) {
		var sys system
		f := Open(&sys)
		for range 2 {
			f.Share()
			x.Go(f.Drop)
		}
		f.Drop()
		x.Wait()
		n := sys.open.Load()
		x.Assert(n == 0, "%d files are open", n)
	})
}
