// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"slices"
	"testing"

	"github.com/osync-go/osync/examples/ch07/internal/disasm"
)

// TestShownIsRun checks that the code which other processors show is the code that runs here.
func TestShownIsRun(t *testing.T) {
	if err := disasm.Supported(); err != nil {
		t.Skip(err)
	}
	loop, one := code()
	for _, c := range []struct{ got, want []disasm.Inst }{
		{disasm.At(loop), decode(loopCode)},
		{disasm.At(one), decode(oneCode)},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("runs  %v\nshows %v", c.got, c.want)
		}
	}
}
