// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package sync_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/explore/hook"
	. "github.com/osync-go/osync/explore/internal/enginetest"
	"github.com/osync-go/osync/explore/runtime"
	"github.com/osync-go/osync/explore/sync"
	"github.com/osync-go/osync/explore/sync/atomic"
)

// A room counts the goroutines that are inside at the same time.
type room struct {
	inside, most atomic.Int32
}

func (r *room) visit() {
	n := r.inside.Add(1)
	if n > r.most.Load() {
		r.most.Store(n)
	}
	r.inside.Add(-1)
}

func TestMutexExcludes(t *testing.T) {
	Outcomes(t, func() string {
		var (
			m sync.Mutex
			r room
		)
		visit := func() { m.Lock(); r.visit(); m.Unlock() }
		try := func() {
			if m.TryLock() {
				r.visit()
				m.Unlock()
			}
		}
		All(visit, visit, try)
		return fmt.Sprint(r.most.Load())
	}, "1")
}

func TestTryLock(t *testing.T) {
	Outcomes(t, func() string {
		var m sync.Mutex
		got := false
		All(func() { m.Lock(); m.Unlock() }, func() {
			if got = m.TryLock(); got {
				m.Unlock()
			}
		})
		return fmt.Sprint(got)
	}, "true", "false")
}

// A mutex that is locked when the exploration begins is locked in each execution.
func TestMutexFromOutside(t *testing.T) {
	var m sync.Mutex
	m.Lock()
	Outcomes(t, func() string {
		locked := !m.TryLock()
		m.Unlock()
		return fmt.Sprint(locked, m.TryLock())
	}, "true true")
	m.Unlock()
}

func TestDeadlock(t *testing.T) {
	Fails(t, "deadlock", "Mutex.Lock", func() {
		var a, b sync.Mutex
		All(
			func() { a.Lock(); b.Lock(); b.Unlock(); a.Unlock() },
			func() { b.Lock(); a.Lock(); a.Unlock(); b.Unlock() },
		)
	})
}

func TestMisuse(t *testing.T) {
	var rw sync.RWMutex
	for _, test := range []struct {
		message string
		f       func()
	}{
		{"sync: unlock of unlocked mutex", func() { new(sync.Mutex).Unlock() }},
		{"sync: Unlock of unlocked RWMutex", func() { rw.Unlock() }},
		{"sync: Unlock of unlocked RWMutex", func() { rw.RLock(); rw.Unlock() }},
		{"sync: RUnlock of unlocked RWMutex", func() { rw.RUnlock() }},
		{"sync: RUnlock of unlocked RWMutex", func() { rw.Lock(); rw.RUnlock() }},
		{"sync: Unlock of unlocked RWMutex", func() { // of one that a writer waits for
			rw.RLock()
			All(rw.Lock, func() {
				for rw.TryRLock() {
					rw.RUnlock()
				}
				rw.Unlock()
			})
		}},
	} {
		Fails(t, "misuse", test.message, test.f)
	}
	Fails(t, "panic", "sync: negative WaitGroup counter", func() { new(sync.WaitGroup).Done() })
	Fails(t, "panic", "sync.Cond is copied", func() {
		c := sync.NewCond(new(sync.Mutex))
		c.Signal()
		d := new(sync.Cond)
		reflect.ValueOf(d).Elem().Set(reflect.ValueOf(c).Elem()) // go vet does not see this copy
		d.Signal()
	})
	Fails(t, "panic", "sync: WaitGroup is reused before previous Wait has returned", func() {
		var wg sync.WaitGroup
		wg.Add(1)
		All(wg.Wait, func() { wg.Done(); wg.Add(1); wg.Done() })
	})
}

func TestRWMutexExcludes(t *testing.T) {
	Outcomes(t, func() string {
		var (
			rw sync.RWMutex
			r  room
		)
		var read int32
		All(
			func() { rw.Lock(); r.visit(); rw.Unlock() },
			func() { rw.RLock(); read = max(read, r.inside.Load()); rw.RUnlock() },
			func() {
				if rw.TryLock() {
					r.visit()
					rw.Unlock()
				}
			},
		)
		return fmt.Sprint(r.most.Load(), read)
	}, "1 0")
}

// Two readers hold the lock together.
func TestReadersShare(t *testing.T) {
	Outcomes(t, func() string {
		var (
			rw sync.RWMutex
			r  room
		)
		visit := func() { rw.RLock(); r.visit(); rw.RLocker().Unlock() }
		All(visit, visit)
		return fmt.Sprint(r.most.Load())
	}, "1", "2")
}

// A reader that arrives while a writer is pending waits, so a second RLock can block forever.
func TestWriterHoldsOffReaders(t *testing.T) {
	Fails(t, "deadlock", "RWMutex.RLock, held off", func() {
		var rw sync.RWMutex
		All(
			func() { rw.RLock(); rw.RLock(); rw.RUnlock(); rw.RUnlock() },
			func() { rw.Lock(); rw.Unlock() },
		)
	})
	Outcomes(t, func() string {
		var rw sync.RWMutex
		got := ""
		rw.RLock()
		All(
			func() { rw.Lock(); rw.Unlock() },
			func() {
				if got = fmt.Sprint(rw.TryRLock(), rw.TryLock()); got[0] == 't' {
					rw.RUnlock()
				}
				rw.RUnlock()
			},
		)
		return got
	}, "true false", "false false")
}

// A writer does not wait for the readers that it blocks.
func TestHeldOffReader(t *testing.T) {
	Outcomes(t, func() string {
		var rw sync.RWMutex
		All(
			func() { rw.RLock(); rw.RUnlock() },
			func() { rw.Lock(); rw.Unlock() },
			func() { rw.RLock(); rw.RUnlock() },
		)
		return ""
	}, "")
}

// Operations that commute are explored in one order.
func TestOneOrder(t *testing.T) {
	for name, f := range map[string]func(){
		"readers": func() {
			var rw sync.RWMutex
			read := func() { rw.RLock(); rw.RUnlock() }
			All(read, read, read)
		},
		"Done": func() {
			var wg sync.WaitGroup
			wg.Add(3)
			All(wg.Done, wg.Done, wg.Done)
			wg.Wait()
		},
		"Pool": func() {
			var p sync.Pool
			use := func() { p.Put(1); p.Get() }
			All(use, use)
		},
	} {
		if n := Outcomes(t, func() string { f(); return "" }, ""); n != 1 {
			t.Errorf("%s: %d executions, want 1", name, n)
		}
	}
}

// Explored objects are restored afterwards, also if executions ended in the middle.
func TestRestored(t *testing.T) {
	var x struct {
		m  sync.Mutex
		rw sync.RWMutex
		wg sync.WaitGroup
		o  sync.Once
	}
	Fails(t, "deadlock", "", func() {
		All(
			func() { x.rw.RLock(); x.rw.RUnlock() },
			func() { x.rw.Lock(); x.rw.Unlock() },
			func() { x.wg.Add(1); x.wg.Done(); x.o.Do(func() {}) },
			func() { x.m.Lock(); x.rw.RLock(); x.m.Lock() },
		)
	})
	if bytes := unsafe.Slice((*byte)(unsafe.Pointer(&x)), unsafe.Sizeof(x)); slices.Max(bytes) != 0 {
		t.Errorf("left %v behind, want zeros", bytes)
	}
}

// The readers that a writer blocked acquire the lock before the next writer, whatever the order.
func TestReadersBeforeNextWriter(t *testing.T) {
	Outcomes(t, func() string {
		var (
			rw   sync.RWMutex
			read sync.Mutex
		)
		rw.Lock()
		read.Lock()
		All(
			func() { rw.RLock(); read.Unlock(); rw.RUnlock() },
			func() {
				for rw.TryRLock() || rw.Readers() == 0 { // the reader has not arrived yet
				}
				rw.Unlock()
				rw.Lock()
				read.Lock() // would block forever if this writer overtook the reader
				rw.Unlock()
			},
		)
		return ""
	}, "")
}

// Signal wakes waiters in the order of their calls to Wait.
func TestCondOrder(t *testing.T) {
	Outcomes(t, func() string {
		var (
			m           sync.Mutex
			began, over atomic.Int32
		)
		c := sync.NewCond(&m)
		order := ""
		wait := func() {
			m.Lock()
			n := began.Add(1)
			c.Wait()
			order += fmt.Sprint(n)
			over.Add(1)
			m.Unlock()
		}
		All(wait, wait, func() {
			for began.Load() < 2 {
			}
			m.Lock() // so both are in Wait
			c.Signal()
			m.Unlock()
			for over.Load() < 1 {
			}
			c.Signal()
		})
		return order
	}, "12")
}

func TestCond(t *testing.T) {
	Fails(t, "deadlock", "Cond.Wait", func() { // a lost wake-up
		var m sync.Mutex
		c := sync.NewCond(&m)
		ready := false
		All(
			func() {
				m.Lock()
				for !ready {
					c.Wait()
				}
				m.Unlock()
			},
			func() { c.Signal(); m.Lock(); ready = true; m.Unlock() },
		)
	})
	Outcomes(t, func() string {
		var m sync.Mutex
		c := sync.NewCond(&m)
		ready := false
		wait := func() {
			m.Lock()
			for !ready {
				c.Wait()
			}
			m.Unlock()
		}
		All(wait, wait, func() { m.Lock(); ready = true; m.Unlock(); c.Broadcast() })
		return ""
	}, "")
}

func TestWaitGroup(t *testing.T) {
	Outcomes(t, func() string {
		var wg sync.WaitGroup
		var n atomic.Int32
		for range 2 {
			wg.Go(func() { n.Add(1) })
		}
		wg.Go(runtime.Goexit)
		wg.Wait()
		return fmt.Sprint(n.Load())
	}, "2")
	Outcomes(t, func() string { // Done comes before the return of Wait
		var wg sync.WaitGroup
		x := 0
		wg.Go(func() { *hook.W(&x) = 1 })
		wg.Wait()
		return fmt.Sprint(*hook.R(&x))
	}, "1")
	Outcomes(t, func() string { // Add races with Wait
		var wg sync.WaitGroup
		var done atomic.Bool
		got := false
		All(
			func() { wg.Add(1); done.Store(true); wg.Done() },
			func() { wg.Wait(); got = done.Load() },
		)
		return fmt.Sprint(got)
	}, "true", "false")
}

func TestOnce(t *testing.T) {
	Outcomes(t, func() string {
		n := 0
		once := sync.OnceValue(func() int { n++; return n })
		a, b := 0, 0
		All(func() { a = once() }, func() { b = once() })
		return fmt.Sprint(n, a, b)
	}, "1 1 1")
	Outcomes(t, func() string {
		once := sync.OnceFunc(func() { panic("no") })
		got := ""
		call := func() {
			defer func() { got += fmt.Sprint(recover()) }()
			once()
		}
		All(call, call)
		return got
	}, "nono")
}

func TestPool(t *testing.T) {
	p := sync.Pool{New: func() any { return 0 }}
	Outcomes(t, func() string {
		got := ""
		All(
			func() { p.Put(1); p.Put(2); got += fmt.Sprint(p.Get(), p.Get(), p.Get()) },
			func() { p.Put(nil); got += fmt.Sprint(p.Get()) },
		)
		return got + fmt.Sprint(p.Get())
	}, "2 1 000")
}

func TestMap(t *testing.T) {
	var m sync.Map
	m.Store("a", 1)
	Outcomes(t, func() string {
		load := ""
		if v, _ := m.Load("a"); v != 1 {
			return "empty"
		}
		All(
			func() { m.Store("b", 2); m.Delete("a") },
			func() {
				b, ok := m.Load("b")
				load = fmt.Sprint(b, ok)
			},
		)
		rest := ""
		m.Range(func(key, value any) bool {
			rest += fmt.Sprint(" ", key, value)
			return true
		})
		return load + rest
	}, "2 true b2", "<nil> false b2")
	Outcomes(t, func() string {
		var m sync.Map
		got := ""
		insert := func(v int) func() {
			return func() {
				actual, loaded := m.LoadOrStore("k", v)
				got += fmt.Sprint(actual, loaded, " ")
			}
		}
		All(insert(1), insert(2))
		return got
	}, "1 false 1 true ", "2 false 2 true ")
}
