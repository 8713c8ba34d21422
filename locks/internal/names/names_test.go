// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package names

import (
	"runtime"
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

// TestGone makes many locks with a name, and drops them: nothing is left but the name.
func TestGone(t *testing.T) {
	places := func() (n int) {
		mu.RLock()
		defer mu.RUnlock()
		for _, list := range pages {
			n += len(list)
		}
		return n
	}
	before := places()
	for range 1000 {
		set(new(lock), "gone")
	}
	for end := time.Now().Add(time.Minute); places() > before; runtime.GC() {
		if time.Now().After(end) {
			t.Fatalf("%d places of locks that are gone", places()-before)
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
