// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package keep

import (
	"runtime"
	"testing"

	"github.com/osync-go/osync/internal/procs"
)

// TestClaim shows that fewer sleepers than processors keep theirs, and that old ones do
// not count.
func TestClaim(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	if n := runtime.GOMAXPROCS(0); n != 3 {
		t.Skipf("GOMAXPROCS is always %d on %s", n, runtime.GOOS)
	}
	procs.Refresh()
	defer procs.Refresh()
	a, b := Claim(100), Claim(101)
	if a == nil || b == nil || a == b {
		t.Fatal("two sleepers of three processors do not both keep theirs")
	}
	if Claim(102) != nil {
		t.Error("a third sleeper keeps the last processor")
	}
	c := Claim(100 + ForNs)
	if c != a {
		t.Error("a sleeper of 10 ms counts as if it still kept its processor")
	}
	a.Leave(100) // the first of the two
	if !Taken(0) {
		t.Error("a sleeper that was late to wake up has given back the place of another")
	}
	c.Leave(100 + ForNs)
	b.Leave(101)
	if Taken(0) || Taken(1) {
		t.Error("places are taken after their sleepers have left")
	}
	runtime.GOMAXPROCS(1)
	procs.Refresh()
	if Claim(1) != nil {
		t.Error("a sleeper keeps the only processor")
	}
}
