// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package names

import (
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"
)

type lock struct {
	first  uint32
	second [3]uint32
	large  [8192]byte
}

var global lock

func set[T any](p *T, name string) { Set(unsafe.Pointer(p), unsafe.Sizeof(*p), "lock", name, nil) }

func want(t *testing.T, p unsafe.Pointer, name string) {
	t.Helper()
	got := ""
	if n := Of(p); n != nil {
		got = n.Name
	}
	if got != name {
		t.Errorf("the name is %q, want %q", got, name)
	}
}

func TestOf(t *testing.T) {
	l := new(lock)
	for _, l := range []*lock{l, &global} {
		want(t, unsafe.Pointer(l), "")
		set(l, "a")
		set(&l.second, "inner")
		want(t, unsafe.Pointer(l), "a")
		want(t, unsafe.Pointer(&l.second[2]), "inner")
		want(t, unsafe.Pointer(&l.large[8191]), "a")
		want(t, unsafe.Add(unsafe.Pointer(l), unsafe.Sizeof(*l)), "")
		set(l, "b")
		want(t, unsafe.Pointer(l), "b")
		set(l, "")
		want(t, unsafe.Pointer(&l.large[8191]), "")
		want(t, unsafe.Pointer(&l.second[2]), "inner")
	}
	if Of(unsafe.Pointer(&l.second)) != Of(unsafe.Pointer(&global.second)) {
		t.Error("two locks of one type and one name have nothing in common")
	}
	runtime.KeepAlive(l)
}

// TestFirstField names a struct and its first field: neither name replaces the other.
func TestFirstField(t *testing.T) {
	l := new(lock)
	set(&l.first, "field")
	set(l, "struct")
	want(t, unsafe.Pointer(&l.first), "field")
	want(t, unsafe.Pointer(&l.second), "struct")
	set(&l.first, "")
	want(t, unsafe.Pointer(&l.first), "struct")
	runtime.KeepAlive(l)
}

// TestGrowth has so many names that the table grows, and looks for them meanwhile.
func TestGrowth(t *testing.T) {
	var stop atomic.Bool
	var wg sync.WaitGroup
	defer wg.Wait()
	defer stop.Store(true)
	locks := make([]lock, 200)
	set(&locks[0], "0")
	wg.Go(func() {
		for !stop.Load() {
			want(t, unsafe.Pointer(&locks[0]), "0")
		}
	})
	for i := range locks {
		set(&locks[i], strconv.Itoa(i))
	}
	for i := range locks {
		want(t, unsafe.Pointer(&locks[i].large[i*41]), strconv.Itoa(i))
	}
	for i := range locks {
		if i > 0 {
			set(&locks[i], "")
		}
	}
	want(t, unsafe.Pointer(&locks[1]), "")
	want(t, unsafe.Pointer(&locks[0]), "0")
}

func TestAllocations(t *testing.T) {
	l := new(lock)
	set(l, "a")
	if n := testing.AllocsPerRun(100, func() { Of(unsafe.Pointer(l)) }); n > 0 {
		t.Errorf("Of allocates %v times", n)
	}
}

func BenchmarkOf(b *testing.B) {
	locks := make([]lock, 100)
	for i := range locks {
		set(&locks[i], "bench")
	}
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			Of(unsafe.Pointer(&locks[i%len(locks)].second))
		}
	})
}

// TestGone makes many locks with a name, and drops them: nothing is left but the name.
func TestGone(t *testing.T) {
	known := func() int {
		mu.Lock()
		defer mu.Unlock()
		return places
	}
	before := known()
	for range 1000 {
		set(new(lock), "gone")
	}
	for end := time.Now().Add(time.Minute); known() > before; runtime.GC() {
		if time.Now().After(end) {
			t.Fatalf("%d places of locks that are gone", known()-before)
		}
	}
	found := false
	for _, n := range All() {
		found = found || n.Name == "gone"
	}
	if !found {
		t.Error("the name has gone with its locks")
	}
}
