// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/guard"
)

// checkSeqLock runs readers and writers of a T at the same time. number makes a value of a number. whole
// reports whether a value is one that number has made, and of which number.
func checkSeqLock[T comparable](t *testing.T, name string, number func(uint64) T, whole func(T) (uint64, bool)) {
	t.Run(name, func(t *testing.T) {
		locktest.EachCrew(t, pinned, func(c *locktest.Crew) {
			var l guard.SeqLock[T]
			var zero T
			if got := l.Load(); got != zero {
				c.Errorf("the zero SeqLock holds %v", got)
			}
			const writers = 2
			n := locktest.Size(20_000)
			if unsafe.Sizeof(zero) > 1<<10 {
				n /= 4 // a copy takes as long as hundreds of small ones, and is as often torn
			}
			var writing atomic.Int32
			l.Store(number(0))
			writing.Store(writers)
			for w := range writers {
				c.Start(func() {
					defer writing.Add(-1)
					for range c.Repeat(n) {
						if w == 0 {
							l.Update(func(v *T) { x, _ := whole(*v); *v = number(x + 1) })
						} else {
							l.Update(func(v *T) { x, _ := whole(*v); *v = number(x + 1000) })
						}
					}
				})
			}
			for range 3 {
				c.Start(func() {
					last := uint64(0)
					for end := false; !end; {
						end = writing.Load() == 0 // and then read once more
						v := l.Load()
						x, ok := whole(v)
						if !ok {
							c.Errorf("torn: %v", v)
							return
						}
						if unsafe.Sizeof(v) >= 8 && x < last { // the numbers of smaller values overflow
							c.Errorf("read %d after %d", x, last)
							return
						}
						last = x
					}
				})
			}
			c.Join()
			if got, want := l.Load(), number(1001*uint64(n)); got != want {
				c.Errorf("%v at the end, want %v: an update was lost", got, want)
			}
			l.Store(number(7))
			if got := l.Load(); got != number(7) {
				c.Errorf("Load = %v after Store(%v)", got, number(7))
			}
		})
	})
}

// Shapes that are not whole words, or need another alignment.
type (
	seqBytes3 [3]byte
	seqMixed  struct {
		a byte
		b uint64
		c uint16
		d [2]float32
		e bool
	}
	seqLarge [257]uint64
)

func TestSeqLock(t *testing.T) {
	checkSeqLock(t, "uint8", func(n uint64) uint8 { return uint8(n) }, func(v uint8) (uint64, bool) { return uint64(v), true })
	checkSeqLock(t, "uint64", func(n uint64) uint64 { return n }, func(v uint64) (uint64, bool) { return v, true })
	checkSeqLock(t, "3 bytes",
		func(n uint64) seqBytes3 { return seqBytes3{byte(n), byte(n * 3), byte(n * 5)} },
		func(v seqBytes3) (uint64, bool) { return uint64(v[0]), v[1] == v[0]*3 && v[2] == v[0]*5 })
	checkSeqLock(t, "pair",
		func(n uint64) [2]uint64 { return [2]uint64{n, ^n} },
		func(v [2]uint64) (uint64, bool) { return v[0], v[1] == ^v[0] || v == [2]uint64{} })
	checkSeqLock(t, "mixed",
		func(n uint64) seqMixed {
			return seqMixed{byte(n), n, uint16(n), [2]float32{float32(n % 1000), float32(n % 77)}, n%2 == 1}
		},
		func(v seqMixed) (uint64, bool) {
			return v.b, v == seqMixed{byte(v.b), v.b, uint16(v.b), [2]float32{float32(v.b % 1000), float32(v.b % 77)}, v.b%2 == 1}
		})
	checkSeqLock(t, "large",
		func(n uint64) (v seqLarge) {
			for i := range v {
				v[i] = n * uint64(i+1)
			}
			return v
		},
		func(v seqLarge) (uint64, bool) {
			for i := range v {
				if v[i] != v[0]*uint64(i+1) {
					return 0, false
				}
			}
			return v[0], true
		})
}

func TestSeqLockEmpty(t *testing.T) {
	var l guard.SeqLock[struct{}]
	l.Store(struct{}{})
	if v, ok := l.TryLoad(); !ok || v != struct{}{} {
		t.Error("a value without bytes cannot be read")
	}
}

// TestSeqLockWriterStopped stops a writer while it stores.
func TestSeqLockWriterStopped(t *testing.T) {
	var l guard.SeqLock[[2]int]
	l.Store([2]int{1, 2})
	l.BeginWrite()
	if _, ok := l.TryLoad(); ok {
		t.Error("TryLoad has read a value that is being written")
	}
	read := make(chan [2]int)
	go func() { read <- l.Load() }()
	select {
	case v := <-read:
		t.Errorf("Load has read %v while it was being written", v)
	case <-time.After(time.Millisecond): // a correct Load has not returned, however long this takes
	}
	l.EndWrite()
	if v := <-read; v != [2]int{1, 2} {
		t.Errorf("Load = %v", v)
	}
}

// TestSeqLockReaderBesideUpdate reads while f of Update runs.
func TestSeqLockReaderBesideUpdate(t *testing.T) {
	var l guard.SeqLock[int]
	l.Store(1)
	l.Update(func(v *int) {
		*v = 2
		if got, ok := l.TryLoad(); !ok || got != 1 {
			t.Errorf("TryLoad = %d, %v beside f, want 1", got, ok)
		}
	})
	if got := l.Load(); got != 2 {
		t.Errorf("Load = %d after f, want 2", got)
	}
	locktest.Panics(t, "Update", "f", func() { l.Update(func(v *int) { *v = 3; panic("f") }) })
	if got := l.Load(); got != 2 {
		t.Errorf("Load = %d after a panic of f, want 2", got)
	}
	l.Update(func(v *int) {
		if *v != 2 {
			t.Errorf("f is given %d after a panic of another, want 2", *v)
		}
	})
}

func TestSeqLockPointers(t *testing.T) {
	type inner struct {
		Name string
	}
	type outer struct {
		Count int
		Inner [2]inner
	}
	const text = "guard: SeqLock of a type with pointers: "
	locktest.Panics(t, "Load", text+"guard_test.outer.Inner[0].Name is a string", func() { new(guard.SeqLock[outer]).Load() })
	locktest.Panics(t, "TryLoad", text+"*int is a ptr", func() { new(guard.SeqLock[*int]).TryLoad() })
	locktest.Panics(t, "Store", text+"[]int is a slice", func() { new(guard.SeqLock[[]int]).Store(nil) })
	locktest.Panics(t, "Update", text+"error is a interface", func() { new(guard.SeqLock[error]).Update(func(*error) { t.Error("f is called") }) })
	locktest.Panics(t, "map", nil, func() { new(guard.SeqLock[map[int]int]).Load() })
	locktest.Panics(t, "func", nil, func() { new(guard.SeqLock[func()]).Load() })
	locktest.Panics(t, "chan", nil, func() { new(guard.SeqLock[[3]chan int]).Load() })
	locktest.Panics(t, "unsafe.Pointer", nil, func() { new(guard.SeqLock[struct{ p unsafe.Pointer }]).Load() })
	// These hold no pointers.
	new(guard.SeqLock[struct {
		_ [0]func()
		a uintptr
		b complex128
		c time.Duration
	}]).Load()
}

// TestSeqLockPointersAgain uses a SeqLock of a type with pointers once more. Each use panics, and leaves nothing behind.
func TestSeqLockPointersAgain(t *testing.T) {
	var l guard.SeqLock[*bool]
	for range 2 {
		for name, use := range map[string]func(){
			"Load":    func() { l.Load() },
			"TryLoad": func() { l.TryLoad() },
			"Store":   func() { l.Store(nil) },
			"Update":  func() { l.Update(func(**bool) { t.Error("f is called") }) },
		} {
			locktest.Panics(t, name, "guard: SeqLock of a type with pointers: *bool is a ptr", use)
			if !l.Unchecked() || l.Writing() {
				t.Fatalf("%s has left the lock held, or passed the type", name)
			}
		}
	}
}

func TestSeqLockSizeAndAllocations(t *testing.T) {
	if got, want := unsafe.Sizeof(guard.SeqLock[uint64]{}), uintptr(16+2*8); got != want && unsafe.Sizeof(uintptr(0)) == 8 {
		t.Errorf("SeqLock[uint64] is %d bytes long, want %d", got, want)
	}
	if got, want := unsafe.Sizeof(guard.SeqLock[seqBytes3]{}), 16+2*unsafe.Sizeof(uintptr(0)); got > want {
		t.Errorf("SeqLock of 3 bytes is %d bytes long, want at most %d", got, want)
	}
	var l guard.SeqLock[seqMixed]
	l.Store(seqMixed{})
	var fresh guard.SeqLock[seqMixed]
	fresh.Load() // checks T, once
	for name, op := range map[string]func(){
		"Load":    func() { l.Load() },
		"fresh":   func() { fresh.Load() },
		"TryLoad": func() { l.TryLoad() },
		"Store":   func() { l.Store(seqMixed{b: 1}) },
		"Update":  func() { l.Update(func(v *seqMixed) { v.b++ }) },
	} {
		if n := allocs.PerRun(t, 100, op); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// TestSeqLockFirstUse lets the first uses of a SeqLock meet. T is checked once, and no value is torn.
func TestSeqLockFirstUse(t *testing.T) {
	for range locktest.Size(2000) {
		var l guard.SeqLock[[4]int]
		var done sync.WaitGroup
		for i := range 4 {
			done.Go(func() {
				if i == 0 {
					l.Store([4]int{1, 1, 1, 1})
				} else if v := l.Load(); v != [4]int{} && v != [4]int{1, 1, 1, 1} {
					t.Errorf("torn: %v", v)
				}
			})
		}
		done.Wait()
		if l.Unchecked() {
			t.Fatal("a use after the first one checks T again")
		}
	}
	if _, ok := new(guard.SeqLock[int]).TryLoad(); !ok {
		t.Error("TryLoad gave up, and there is no writer")
	}
	var l guard.SeqLock[int]
	if l.Load(); l.Unchecked() {
		t.Error("a Load after the first one checks T again")
	}
}

// TestSeqLockReaderYields waits, with one processor, for a writer that runs only if the reader yields to it.
// The scheduler stops a reader that spins on after ten milliseconds, each time.
func TestSeqLockReaderYields(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var l guard.SeqLock[int]
	const rounds = 500
	begin := time.Now()
	for range rounds {
		l.BeginWrite()
		go l.EndWrite()
		l.Load()
	}
	if took := time.Since(begin); took > rounds*10*time.Millisecond/2 {
		t.Errorf("%d waits took %v", rounds, took)
	}
}
