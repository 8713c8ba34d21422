// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package hook_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/explore/hook"
	"github.com/osync-go/osync/explore/internal/engine"
	"github.com/osync-go/osync/explore/sync/atomic"
)

// A futexWord is a word of explored code.
type futexWord struct{ atomic.Uint32 }

func (w *futexWord) at() unsafe.Pointer { return unsafe.Pointer(&w.Uint32) }

func (w *futexWord) wait(old uint32) hook.FutexEnd { return hook.FutexWait(w.at(), old, -1) }
func (w *futexWord) wake(n int) int                { return hook.FutexWake(w.at(), n) }

// futexEnds explores body, which returns how an execution ended. It returns these ends, sorted, and the result.
func futexEnds(t *testing.T, o engine.Options, body func(*engine.Thread) string) ([]string, *engine.Result) {
	t.Helper()
	ends := map[string]bool{}
	o.Preemptions = -1
	r := engine.Explore(o, func(main *engine.Thread) { ends[body(main)] = true })
	if r.Failure == nil && !r.Complete {
		t.Error("the exploration is not complete")
	}
	return slices.Sorted(maps.Keys(ends)), r
}

// A futexMutex is the mutex2 of Drepper's "Futexes Are Tricky".
type futexMutex struct {
	word futexWord
	lost bool // its unlock loses wake-ups
}

func (m *futexMutex) lock() {
	if m.word.CompareAndSwap(0, 1) {
		return
	}
	for m.word.Swap(2) != 0 {
		m.word.wait(2)
	}
}

func (m *futexMutex) unlock() {
	if old := m.word.Swap(0); old == 2 && !m.lost {
		m.word.wake(1)
	}
}

func TestFutexMutex(t *testing.T) {
	for _, lost := range []bool{false, true} {
		_, r := futexEnds(t, engine.Options{}, func(main *engine.Thread) string {
			m, inside := &futexMutex{lost: lost}, 0
			for range 3 {
				main.Go(func() {
					m.lock()
					*hook.W(&inside)++
					m.unlock()
				})
			}
			return ""
		})
		switch {
		case !lost && r.Failure != nil:
			t.Errorf("a right mutex has failed: %s: %s", r.Failure.Kind, r.Failure.Message)
		case lost && (r.Failure == nil || r.Failure.Kind != "left over"):
			t.Errorf("a lost wake-up was not found, but %+v", r.Failure)
		}
		t.Logf("%d executions", r.Executions)
	}
}

// TestFutexOrdersNothing shows that a wake-up does not make one thread's writes visible to another.
func TestFutexOrdersNothing(t *testing.T) {
	_, r := futexEnds(t, engine.Options{}, func(main *engine.Thread) string {
		w, data := new(futexWord), 0
		main.Go(func() {
			if hook.FutexWait(w.at(), 0, hook.Nanotime()) == hook.FutexWoken {
				*hook.W(&data) = 1
			}
		})
		*hook.W(&data) = 2
		w.wake(1)
		return ""
	})
	if r.Failure == nil || !strings.Contains(r.Failure.Kind, "race") {
		t.Errorf("no data race, but %+v", r.Failure)
	}
}

// join waits for n calls of Wake for t.
func join(t *engine.Thread, n int) {
	for range n {
		t.Sleep("join", nil)
	}
}

func TestFutexEnds(t *testing.T) {
	const ms = int64(1e6)
	for _, c := range []struct {
		name     string
		spurious int
		body     func(*engine.Thread) string
		want     string
	}{
		{"differs", 0, func(*engine.Thread) string {
			return fmt.Sprint(new(futexWord).wait(1))
		}, "[0]"},
		{"a store before the wake", 0, func(main *engine.Thread) string {
			w, end := new(futexWord), hook.FutexEnd(-1)
			main.Go(func() { w.Store(1); w.wake(1) })
			end = w.wait(0)
			return fmt.Sprint(end)
		}, "[0 1]"},
		{"the deadline, and the time then", 0, func(main *engine.Thread) string {
			w := new(futexWord)
			begin := hook.Nanotime()
			main.Go(func() { w.wake(1) })
			end := hook.FutexWait(w.at(), 0, begin+ms)
			return fmt.Sprint(end, (hook.Nanotime()-begin)/ms)
		}, "[1 0 2 1]"},
		{"for no reason", 1, func(main *engine.Thread) string {
			w := new(futexWord)
			end := hook.FutexWait(w.at(), 0, hook.Nanotime()+ms)
			return fmt.Sprint(end, hook.FutexWait(w.at(), 0, hook.Nanotime()+ms))
		}, "[2 2 2 3 2 4 3 2 4 2]"},
		{"first in, first out", 0, func(main *engine.Thread) string {
			w, order := new(futexWord), ""
			for i := range 2 {
				main.Go(func() {
					// The second one arrives when the first one sleeps, or does not sleep.
					if hook.FutexWait(w.at(), uint32(i), hook.Nanotime()+ms) == hook.FutexWoken {
						order += fmt.Sprint(i)
					}
					engine.Self().Wake(main)
				})
			}
			w.Store(1)
			w.wake(1)
			w.wake(1)
			join(main, 2)
			return order
		}, "[ 0 01 1]"},
		{"requeue", 0, func(main *engine.Thread) string {
			a, b, ends := new(futexWord), new(futexWord), [2]hook.FutexEnd{}
			for i := range ends {
				main.Go(func() {
					ends[i] = hook.FutexWait(a.at(), 0, hook.Nanotime()+ms)
					engine.Self().Wake(main)
				})
			}
			n := hook.FutexRequeue(a.at(), 0, 1, b.at(), 9)
			if hook.FutexRequeue(a.at(), 1, 1, b.at(), 9) != -1 {
				return "requeued without a look at the word"
			}
			n2 := b.wake(9)
			join(main, 2)
			return fmt.Sprint(n, n2, ends)
		}, "[0 0 [2 2] 1 0 [1 2] 1 0 [2 1] 2 0 [1 2] 2 0 [2 1] 2 1 [1 1]]"},
	} {
		ends, r := futexEnds(t, engine.Options{Spurious: c.spurious}, c.body)
		if r.Failure != nil {
			t.Errorf("%s: %s: %s", c.name, r.Failure.Kind, r.Failure.Message)
		}
		if got := fmt.Sprint(ends); got != c.want {
			t.Errorf("%s: the ends are %s, want %s", c.name, got, c.want)
		} else {
			t.Log(c.name, got, r.Executions)
		}
	}
}
