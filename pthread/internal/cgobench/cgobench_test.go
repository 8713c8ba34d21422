// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package cgobench

import (
	"slices"
	"testing"
	"time"

	"github.com/osync-go/osync/pthread"
)

// A call is one that both can make.
type call struct {
	name        string
	osync, cgo  func()
	informative bool // not the same work: TestRatios shows it and does not judge it
}

func calls(tb testing.TB) []call {
	m, err := pthread.NewMutex(nil)
	must(tb, err)
	l, err := pthread.NewRWLock(nil)
	must(tb, err)
	c, err := pthread.NewCond(nil)
	must(tb, err)
	cm, cl, cc := newMutex(), newRWLock(), newCond()
	far := pthread.Timespec{Sec: 1 << 40}
	list := []call{
		{"mutex lock+unlock", func() { _, _ = m.Lock(), m.Unlock() }, func() { _, _ = cm.lock(), cm.unlock() }, false},
		{"mutex trylock+unlock", func() { _, _ = m.TryLock(), m.Unlock() }, func() { _, _ = cm.tryLock(), cm.unlock() }, false},
		{"rwlock rdlock+unlock", func() { _, _ = l.RdLock(), l.Unlock() }, func() { _, _ = cl.rdLock(), cl.unlock() }, false},
		{"cond signal", func() { _ = c.Signal() }, func() { _ = cc.signal() }, false},
		{"self", func() { _, _ = pthread.Self() }, func() { self() }, false},
		{"mutex, cgo without pinning and errors", func() { _, _ = m.Lock(), m.Unlock() }, func() { cm.plain() }, true},
	}
	if pthread.Supported("pthread_mutex_timedlock") == nil {
		list = append(list, call{
			"mutex timedlock+unlock", func() { _, _ = m.TimedLock(far), m.Unlock() },
			func() { _, _ = cm.timedLock(far.Sec, 0), cm.unlock() }, false,
		})
	}
	if s, err := pthread.NewSem(0); err == nil {
		cs := newSem()
		list = append(list, call{
			"sem post+wait", func() { _, _ = s.Post(), s.Wait() }, func() { _, _ = cs.post(), cs.wait() }, false,
		})
	}
	return list
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func BenchmarkCalls(b *testing.B) {
	for _, c := range calls(b) {
		for _, impl := range []struct {
			name string
			call func()
		}{{"osync", c.osync}, {"cgo", c.cgo}} {
			b.Run("call="+c.name+"/impl="+impl.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					impl.call()
				}
			})
		}
	}
}

// TestRatios compares each call with the same one through cgo: medians of interleaved rounds.
func TestRatios(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds, and what they show needs a machine that is not busy")
	}
	const limit = 2.0
	for _, c := range calls(t) {
		osync, cgo, ratio := measure(c)
		t.Logf("%-40s %6.1f ns, through cgo %6.1f ns: %.2f times", c.name, osync, cgo, ratio)
		if ratio > limit && !c.informative {
			t.Errorf("%s takes %.2f times as long as through cgo, want at most %v", c.name, ratio, limit)
		}
		if n := testing.AllocsPerRun(1000, c.osync); n != 0 {
			t.Errorf("%s allocates %v times", c.name, n)
		}
	}
}

// measure returns the medians of what both cost, in ns, and of their ratios. A round is short, so
// that what else the machine does hits both or neither.
func measure(c call) (osync, cgo, ratio float64) {
	const rounds, repeat = 301, 2000
	time1 := func(f func()) float64 {
		start := time.Now()
		for range repeat {
			f()
		}
		return float64(time.Since(start)) / repeat
	}
	var a, b, r []float64
	for range rounds {
		x, y := time1(c.osync), time1(c.cgo)
		a, b, r = append(a, x), append(b, y), append(r, x/y)
	}
	return median(a), median(b), median(r)
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}
