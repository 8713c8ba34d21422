// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package keep

import (
	"runtime"
	"sync"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/internal/cacheline"
	"github.com/osync-go/osync/internal/procs"
)

// TestClaim shows that fewer sleepers than processors keep theirs, that old ones do not count, and that
// each begins to look at a place of its own, looks at few, and they have cache lines of their own.
func TestClaim(t *testing.T) {
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	if n := runtime.GOMAXPROCS(0); n != 3 {
		t.Skipf("GOMAXPROCS is always %d on %s", n, runtime.GOOS)
	}
	procs.Refresh()
	a, b := Claim(100), Claim(101)
	if a == nil || b == nil || a == b {
		t.Fatal("two sleepers of three processors do not both keep theirs")
	}
	if Claim(102) != nil {
		t.Error("a third sleeper keeps the last processor")
	}
	if Claim(99) != nil {
		t.Error("a sleeper that was held up since it has looked at the clock takes the place of one that came later")
	}
	c := Claim(100 + ForNs)
	if c != a {
		t.Error("a sleeper of 10 ms counts as if it still kept its processor")
	}
	a.Leave(100) // the first of the two
	if Taken() != 2 {
		t.Error("a sleeper that was late to wake up has given back the place of another")
	}
	c.Leave(100 + ForNs)
	b.Leave(101)
	if Taken() != 0 {
		t.Error("places are taken after their sleepers have left")
	}
	runtime.GOMAXPROCS(9)
	procs.Refresh()
	now, taken := int64(10*ForNs), map[*Place]bool{}
	for p := Claim(now); p != nil; p = Claim(now) {
		taken[p] = true
	}
	if len(taken) != looks || Taken() != looks {
		t.Errorf("a sleeper looks at %d places, want %d", len(taken), looks)
	}
	for p := range taken {
		for q := range taken {
			if d := uintptr(unsafe.Pointer(p)) - uintptr(unsafe.Pointer(q)); p != q && min(d, -d) < cacheline.Size {
				t.Errorf("two places are %d bytes apart", min(d, -d))
			}
		}
	}
	for p := range taken {
		p.Leave(now)
	}
	// All goroutines are there before the first one looks. One that comes later could have the stack of one
	// that has got a larger stack meanwhile, as it does with the race detector.
	firsts := map[*Place]bool{}
	var there, done sync.WaitGroup
	var mu sync.Mutex
	begin := make(chan struct{})
	for range 32 {
		there.Add(1)
		done.Go(func() {
			there.Done()
			<-begin
			mu.Lock()
			defer mu.Unlock()
			p := Claim(now)
			p.Leave(now)
			firsts[p] = true
		})
	}
	there.Wait()
	close(begin)
	done.Wait()
	if len(firsts) == 1 {
		t.Error("all sleepers begin to look at the same place")
	}
	runtime.GOMAXPROCS(1)
	procs.Refresh()
	if Claim(1) != nil {
		t.Error("a sleeper keeps the only processor")
	}
}

// TestClaimBounds lets sleepers that begin to look at different places claim as many as they get, with few processors
// and with more than there are places.
func TestClaimBounds(t *testing.T) {
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, n := range []int{2, 5, 40} {
		if runtime.GOMAXPROCS(n); runtime.GOMAXPROCS(0) != n {
			t.Skipf("GOMAXPROCS is always %d on %s", runtime.GOMAXPROCS(0), runtime.GOOS)
		}
		procs.Refresh()
		const now = 100 * ForNs
		var got []*Place
		claimed, release := make(chan *Place), make(chan struct{})
		for range 64 {
			go func() {
				claimed <- Claim(now)
				<-release // so that the next one has another stack
			}()
			if p := <-claimed; p != nil {
				got = append(got, p)
			}
		}
		close(release)
		if most := min(n-1, len(places)); len(got) > most {
			t.Errorf("with %d processors, %d sleepers keep theirs, want at most %d", n, len(got), most)
		}
		for _, p := range got {
			p.Leave(now)
		}
	}
}

// TestClaimSeesProcessors shows that a sleeper knows how many processors there are now.
func TestClaimSeesProcessors(t *testing.T) {
	defer procs.Refresh()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	if n := runtime.GOMAXPROCS(0); n != 2 {
		t.Skipf("GOMAXPROCS is always %d on %s", n, runtime.GOOS)
	}
	const later = 1e9 // when the number may have changed
	now := int64(100 * later)
	p := Claim(now)
	if p == nil {
		t.Fatal("a sleeper of two processors does not keep its own")
	}
	p.Leave(now)
	runtime.GOMAXPROCS(1)
	if Claim(now+later) != nil {
		t.Error("a sleeper keeps the only processor")
	}
	runtime.GOMAXPROCS(2)
	if p = Claim(now + 2*later); p == nil {
		t.Fatal("a sleeper does not see that there is a second processor again")
	}
	p.Leave(now + 2*later)
}
