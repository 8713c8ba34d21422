// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks/shared"
)

type events struct {
	start, done shared.Event
	pulses      atomic.Int64
}

func init() {
	roles["event"] = func(args []string) error {
		e, _, err := opened[events](args[0])
		if err != nil {
			return err
		}
		fmt.Println("ready")
		errs := make(chan error)
		for i := range 4 {
			go func() {
				for {
					if i == 0 && rand.IntN(4) == 0 {
						if err := e.done.Set(); err != nil {
							errs <- err
						}
						if err := e.done.Reset(); err != nil {
							errs <- err
						}
					} else if _, err := e.done.WaitFor(time.Millisecond); err != nil {
						errs <- err
					}
					if err := e.start.Wait(); err != nil {
						errs <- err
					}
					e.pulses.Add(1)
					if err := e.start.Reset(); err != nil {
						errs <- err
					}
				}
			}()
		}
		return <-errs
	}
}

func TestKillEvent(t *testing.T) {
	e, name := placed[events](t)
	killing(t, "event", name, 3, func(int) error {
		// The others wait, set and reset; whatever they were doing when they were killed, a Set releases waiters here.
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if err := e.start.Wait(); err != nil {
					t.Error(err)
				}
			})
		}
		return endAll(&wg, e.start.Set)
	})
	if set, err := e.start.IsSet(); !set || err != nil {
		t.Error(set, err)
	}
	t.Logf("%d waits", e.pulses.Load())
}

func TestEventAcrossProcesses(t *testing.T) {
	e, name := placed[events](t)
	worker(t, "event", name)
	for range 100 {
		// A goroutine of the worker that is late resets the next Set, too, perhaps before others have seen it.
		for n := e.pulses.Load(); e.pulses.Load() == n; time.Sleep(10 * time.Microsecond) {
			if err := e.start.Set(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestEventPulse resets the event at once: all waiters are released nevertheless.
func TestEventPulse(t *testing.T) {
	e, _ := placed[events](t)
	for range 100 {
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				if err := e.start.Wait(); err != nil {
					t.Error(err)
				}
			})
		}
		for shared.Waiting(&e.start) < 5 {
			time.Sleep(10 * time.Microsecond)
		}
		if err := errors.Join(e.start.Set(), e.start.Reset()); err != nil {
			t.Fatal(err)
		}
		if err := within(func() error { wg.Wait(); return nil }); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEventLimits(t *testing.T) {
	e, _ := placed[events](t)
	if ok, err := e.start.WaitFor(time.Millisecond); ok || err != nil {
		t.Error(ok, err)
	}
	if ok, err := e.start.WaitFor(0); ok || err != nil {
		t.Error(ok, err)
	}
	if err := e.start.WaitContext(soon(t)); err != context.DeadlineExceeded {
		t.Error(err)
	}
	if err := errors.Join(e.start.Reset(), e.start.Set(), e.start.Set(), e.start.Wait()); err != nil {
		t.Error(err)
	}
	if ok, err := e.start.WaitFor(patience); !ok || err != nil {
		t.Error(ok, err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(os.ErrProcessDone)
	if err := e.start.WaitContext(ctx); err != os.ErrProcessDone {
		t.Error(err)
	}
	if err := e.start.Reset(); err != nil {
		t.Error(err)
	}
	if set, err := e.start.IsSet(); set || err != nil {
		t.Error(set, err)
	}
}

func TestEventMisuse(t *testing.T) {
	var e shared.Event
	mustPanic(t, "Set of an Event in no region", func() { e.Set() })
	mustPanic(t, "Wait for an Event in no region", func() { e.Wait() })
	p, name := placed[events](t)
	r, err := shared.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	q, err := shared.Map[events](r)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- q.start.Wait() }()
	for shared.Waiting(&q.start) == 0 {
		time.Sleep(10 * time.Microsecond)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if err := within(func() error { return <-done }); err != shared.ErrClosed {
		t.Error("a wait while the region is closed:", err)
	}
	if err := q.start.Set(); err != shared.ErrClosed {
		t.Error("Set after Close:", err)
	}
	if _, err := p.start.IsSet(); err != nil {
		t.Error(err)
	}
}

func TestEventCrowd(t *testing.T) {
	e, _ := placed[events](t)
	crowded(t, 1000, e.start.Wait, e.start.Set)
}

// TestEventHostile has another write anything into the word.
func TestEventHostile(t *testing.T) {
	e, _ := placed[events](t)
	hostile(t, &e.start, func() {
		e.start.WaitFor(100 * time.Microsecond)
		e.start.Set()
		e.start.IsSet()
		e.start.Reset()
	})
}

// hostile calls f again and again while random bytes are written where p is, most of which f may change in between.
func hostile[T any](t *testing.T, p *T, f func()) {
	t.Helper()
	words := unsafe.Slice((*atomic.Uint32)(unsafe.Pointer(p)), unsafe.Sizeof(*p)/4)
	var wg sync.WaitGroup
	var over atomic.Bool
	for range 3 {
		wg.Go(func() {
			for !over.Load() {
				f()
			}
		})
	}
	for range less(200) {
		word := &words[rand.IntN(len(words))]
		switch rand.IntN(3) {
		case 0:
			word.Store(rand.Uint32())
		case 1:
			word.Store(0)
		case 2:
			word.Store(word.Load() ^ 1<<rand.IntN(32))
		}
		time.Sleep(time.Duration(rand.IntN(1000)) * time.Microsecond)
	}
	over.Store(true)
	if err := within(func() error { wg.Wait(); return nil }); err != nil {
		t.Fatal(err)
	}
}
