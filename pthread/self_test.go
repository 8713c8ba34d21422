// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/pthread"
)

// TestOwnerReuse lets a thread die with locks. Threads that come later, with the pthread_t of the dead one,
// must not hold them.
func TestOwnerReuse(t *testing.T) {
	need(t)
	m, l, c := newMutex(t, ofType(pthread.TypeNormal)), made(pthread.NewRWLock(nil))(t), made(pthread.NewCond(nil))(t)
	check := func(what string, err error, want error) { wants(t, what+" of a dead thread's, by its heir", err, want) }
	var spin *pthread.Spin
	if has("pthread_spin_lock") {
		spin = made(pthread.NewSpin())(t)
	}
	var dead pthread.Thread
	var mark uintptr
	onThread(func(self pthread.Thread) {
		dead, mark = self, pthread.ThreadMark()
		must(t, m.Lock())
		must(t, l.WrLock())
		if spin != nil {
			must(t, spin.Lock())
		}
	}, t)
	var heir atomic.Bool
	for tries := 0; !heir.Load() && tries < 20; tries++ {
		const threads = 16 // at once, or one that has just died would always be the next
		var all sync.WaitGroup
		all.Add(threads)
		together(threads, func(self pthread.Thread) {
			all.Done()
			all.Wait()
			if self != dead {
				return
			}
			heir.Store(true)
			if again := pthread.ThreadMark(); again == mark {
				t.Errorf("the mark of the dead thread, %#x, is its heir's too", mark)
			}
			check("Mutex.Unlock", m.Unlock(), pthread.EPERM)
			check("Mutex.TryLock", m.TryLock(), pthread.EBUSY)
			check("Cond.Wait", c.Wait(m), pthread.EPERM)
			check("RWLock.Unlock", l.Unlock(), pthread.EPERM)
			check("RWLock.TryRdLock", l.TryRdLock(), pthread.EBUSY)
			if spin != nil {
				check("Spin.Unlock", spin.Unlock(), pthread.EPERM)
				check("Spin.TryLock", spin.TryLock(), pthread.EBUSY)
			}
		}, t)
	}
	if !heir.Load() {
		t.Skipf("%s has not used the pthread_t of a dead thread again", pthread.Version())
	}
	wants(t, "Destroy of what a dead thread holds", m.Destroy(), pthread.EBUSY)
}

// together runs f on n threads that end with it.
func together(n int, f func(self pthread.Thread), t testing.TB) {
	t.Helper()
	var g sync.WaitGroup
	for range n {
		g.Go(func() { onThread(f, t) })
	}
	g.Wait()
}

// TestThreadMarksDiffer gives marks to more threads than live at a time: none comes twice.
func TestThreadMarksDiffer(t *testing.T) {
	need(t)
	var mu sync.Mutex
	seen := map[uintptr]bool{0: true}
	for range 50 {
		together(8, func(pthread.Thread) {
			mark := pthread.ThreadMark()
			mu.Lock()
			defer mu.Unlock()
			if seen[mark] {
				t.Errorf("two threads have had the mark %#x", mark)
			}
			seen[mark] = true
		}, t)
	}
}
