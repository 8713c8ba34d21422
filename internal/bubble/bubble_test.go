// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package bubble

import (
	"context"
	"runtime"
	"runtime/pprof"
	"testing"
	"testing/synctest"
)

func TestID(t *testing.T) {
	seen := map[uint64]bool{0: true, Unknown: true}
	for range 3 {
		if id := ID(); id != 0 {
			t.Errorf("ID() = %d outside of bubbles", id)
		}
		synctest.Test(t, func(t *testing.T) {
			id := ID()
			if seen[id] {
				t.Errorf("ID() = %d, which is not that of a new bubble", id)
			}
			seen[id] = true
			others := make(chan uint64)
			go func() {
				runtime.LockOSThread() // which a dump shows
				defer runtime.UnlockOSThread()
				others <- ID()
			}()
			go pprof.Do(t.Context(), pprof.Labels("a label of no short length", "with a value as long as that"), func(context.Context) {
				others <- ID()
			})
			for range 2 {
				if other := <-others; other != id {
					t.Errorf("ID() = %d and %d in one bubble", id, other)
				}
			}
		})
	}
}

func TestParse(t *testing.T) {
	for dump, want := range map[string]uint64{
		"goroutine 8 [running, synctest bubble 3]:\nmain.f()":                                                  3,
		"goroutine 8 gp=0xc000102a80 m=4 mp=0xc000088808 [running, locked to thread, synctest bubble 345]:\nf": 345,
		"goroutine 8 [running, synctest bubble 3 labels:{\"a\": \"b\"}]:\n":                                    3,
		"goroutine 8 [running]:\nmain.f(\", synctest bubble 7\")\n":                                            Unknown,
		"goroutine 8 [running, synctest bubble ]:\n":                                                           Unknown,
		"": Unknown,
	} {
		if got := parse([]byte(dump)); got != want {
			t.Errorf("parse(%q) = %d, want %d", dump, got, want)
		}
	}
}

func BenchmarkID(b *testing.B) {
	for b.Loop() {
		ID()
	}
}
