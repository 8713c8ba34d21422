// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread_test

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/pthread"
)

// TestOwnerReuse ends threads that hold locks. Later threads that have the pthread_t of a dead one must
// not hold its locks.
func TestOwnerReuse(t *testing.T) {
	need(t)
	type estate struct {
		mark uintptr
		m    *pthread.Mutex
		l    *pthread.RWLock
		spin *pthread.Spin
	}
	c := made(pthread.NewCond(nil))(t)
	dead := map[pthread.Thread]estate{}
	heirs := 0
	die := func(self pthread.Thread) {
		e := estate{pthread.ThreadMark(), newMutex(t, ofType(pthread.TypeNormal)), made(pthread.NewRWLock(nil))(t), nil}
		must(t, e.m.Lock())
		must(t, e.l.WrLock())
		if has("pthread_spin_lock") {
			e.spin = made(pthread.NewSpin())(t)
			must(t, e.spin.Lock())
		}
		dead[self] = e
	}
	inherit := func(e estate) {
		heirs++
		if again := pthread.ThreadMark(); again == e.mark {
			t.Errorf("the mark of a dead thread, %#x, is its heir's too", again)
		}
		wants(t, "Unlock by an heir", e.m.Unlock(), pthread.EPERM)
		if t.Failed() {
			return // the rest of the test could wait
		}
		wants(t, "TryLock by an heir", e.m.TryLock(), pthread.EBUSY)
		wants(t, "Wait by an heir", c.Wait(e.m), pthread.EPERM)
		wants(t, "Unlock of a writer's lock by an heir", e.l.Unlock(), pthread.EPERM)
		wants(t, "TryRdLock by an heir", e.l.TryRdLock(), pthread.EBUSY)
		if e.spin != nil {
			wants(t, "Unlock of a spin lock by an heir", e.spin.Unlock(), pthread.EPERM)
			wants(t, "TryLock of a spin lock by an heir", e.spin.TryLock(), pthread.EBUSY)
		}
		wants(t, "Destroy of what a dead thread holds", e.m.Destroy(), pthread.EBUSY)
	}
	var mu sync.Mutex
	for generation := 0; heirs == 0 && generation < 100; generation++ {
		together(4, func(self pthread.Thread) {
			mu.Lock()
			defer mu.Unlock()
			if e, is := dead[self]; is {
				inherit(e)
			}
			die(self)
		}, t)
	}
	if heirs == 0 {
		t.Skipf("%s has not used the pthread_t of a dead thread again", pthread.Version())
	}
}

// together runs f on n threads that live at the same time, and end with it.
func together(n int, f func(self pthread.Thread), t testing.TB) {
	t.Helper()
	var all, g sync.WaitGroup
	all.Add(n)
	for range n {
		g.Go(func() {
			onThread(func(self pthread.Thread) {
				all.Done()
				all.Wait()
				f(self)
			}, t)
		})
	}
	g.Wait()
}

// TestThreadMarksDiffer gives marks to more threads than live at a time. No mark occurs twice, and most are forgotten when
// their threads have ended.
func TestThreadMarksDiffer(t *testing.T) {
	need(t)
	var mu sync.Mutex
	seen := map[uintptr]bool{0: true}
	const rounds, threads = 200, 8
	for range rounds {
		together(threads, func(pthread.Thread) {
			mark := pthread.ThreadMark()
			mu.Lock()
			defer mu.Unlock()
			if seen[mark] {
				t.Errorf("two threads have had the mark %#x", mark)
			}
			seen[mark] = true
		}, t)
	}
	if n := pthread.Numbered(); n > rounds*threads/2 {
		t.Errorf("the package remembers %d threads, and %d have ended", n, rounds*threads)
	}
}
