// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package report_test

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/osync-go/osync/explore/internal/engine"
	"github.com/osync-go/osync/explore/internal/report"
	"github.com/osync-go/osync/explore/sync"
	"github.com/osync-go/osync/explore/sync/atomic"
)

type counter struct{ n atomic.Uint32 }

func (c *counter) add() {
	old := c.n.Load()
	c.n.Store(old + 1)
}

// TestEngine looks for the important lines in the tables of the engine's failures. An ellipsis in a line matches any
// text.
func TestEngine(t *testing.T) {
	for _, c := range []struct {
		name string
		body func(*engine.Thread)
		want []string
	}{
		{"lost addition", func(t *engine.Thread) {
			var c counter
			var wg sync.WaitGroup
			wg.Go(c.add)
			wg.Go(c.add)
			wg.Wait()
			if c.n.Load() != 2 {
				t.Fail("assertion", "lost an addition")
			}
		}, []string{
			"TestEngine/lost_addition: assertion: lost an addition", "found after … executions: ", "Store c.n: 0→1", "Store c.n: 1→1",
			"► … Load c.n = 1 … engine_test.go:", "main  runs", "ended: goroutine 1, goroutine 2", "-run '^TestEngine$/^lost_addition$'",
		}},
		{"two mutexes", func(*engine.Thread) {
			var a, b sync.Mutex
			var wg sync.WaitGroup
			both := func(x, y *sync.Mutex) {
				x.Lock()
				defer x.Unlock()
				y.Lock()
				defer y.Unlock()
			}
			wg.Go(func() { both(&a, &b) })
			wg.Go(func() { both(&b, &a) })
			wg.Wait()
		}, []string{
			": deadlock: ", "► … waits in WaitGroup.Wait of wg … wg.Wait()", "► … waits in Mutex.Lock of x# … y.Lock()",
			"goroutine 2  waits in Mutex.Lock of x# … y.Lock(), started at",
		}},
		{"lost wake-up", func(t *engine.Thread) {
			var m sync.Mutex
			c := sync.NewCond(&m)
			full := false
			t.Go(func() {
				m.Lock()
				full = true
				m.Unlock()
				c.Signal()
			})
			m.Lock()
			empty := !full
			m.Unlock()
			if empty {
				m.Lock()
				c.Wait()
				m.Unlock()
			}
		}, []string{": deadlock: ", "Cond.Signal c", "► … waits in Cond.Wait"}},
		{"livelock", func(t *engine.Thread) {
			var w atomic.Uint32
			t.Go(func() {
				for w.Load() == 0 {
				}
			})
			for w.Load() == 0 {
			}
		}, []string{": livelock: ", "► … Load w = 0", "spins in Load of w at engine_test.go:"}},
		{"panic", func(t *engine.Thread) {
			var w atomic.Pointer[int]
			t.Go(func() { w.Store(new(int)) })
			if w.Load() != nil {
				panic("it is not nil")
			}
		}, []string{": panic: it is not nil", "Store w: nil→ptr", "► … Load w = ptr … if w.Load() != nil {"}},
		{"left over", func(t *engine.Thread) {
			var m sync.Mutex
			m.Lock()
			t.Go(func() { m.Lock() })
		}, []string{": left over: ", "► … waits in Mutex.Lock of m … t.Go(func() { m.Lock() })", "ended: main"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := engine.Explore(engine.Options{Preemptions: -1}, c.body)
			if r.Failure == nil {
				t.Fatalf("no failure: %s", report.Summary(r))
			}
			report.NameObjects(r.Failure)
			var b bytes.Buffer
			o := report.Options{Test: t.Name(), Package: "."}
			report.Table(&b, r.Failure, o)
			for _, want := range c.want {
				want = strings.ReplaceAll(regexp.QuoteMeta(want), "…", ".*")
				if !regexp.MustCompile(strings.ReplaceAll(want, "x#", `x#\d+`)).MatchString(b.String()) {
					t.Errorf("there is no line %s in\n%s", want, b.String())
				}
			}
			if err := report.SVG(io.Discard, r.Failure, o); err != nil {
				t.Error(err)
			}
		})
	}
}
