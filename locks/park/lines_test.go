// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"math/bits"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/internal/cacheline"
)

// changed calls f and returns the first byte at p of n bytes that has changed, and the one behind the last.
//
//go:norace
func changed(p unsafe.Pointer, n uintptr, f func()) (first, end int) {
	now := unsafe.Slice((*byte)(p), n)
	before := slices.Clone(now)
	f()
	first = -1
	for i := range now {
		if now[i] != before[i] {
			if first < 0 {
				first = i
			}
			end = i + 1
		}
	}
	return first, end
}

// TestLinesOfABucket derives from what they write which part of a bucket the locks of goroutines use, and
// checks that it is in one cache line wherever the linker puts the buckets.
func TestLinesOfABucket(t *testing.T) {
	if size := unsafe.Sizeof(bucket{}); size != cacheline.Size {
		t.Errorf("a bucket is %d bytes long, want %d", size, cacheline.Size)
	}
	align := uintptr(32)
	if bits.UintSize == 32 {
		align = 8 // on ARM
	}
	if at := uintptr(unsafe.Pointer(&buckets)); at%align != 0 {
		t.Errorf("the buckets begin at %#x, which is not a multiple of %d", at, align)
	}
	word := new(atomic.Uint32)
	b := bucketOf(word)
	for i := range 2 { // the second waiter does not change the bucket but for its lock
		woken := make(chan struct{})
		first, end := changed(unsafe.Pointer(b), unsafe.Sizeof(*b), func() {
			go func() {
				w := NewWaiter(Exclusion, Limit{})
				w.Sleep(word, Always{}, nil)
				w.Free()
				close(woken)
			}()
			for Waiting(word) == i {
				runtime.Gosched()
			}
		})
		if i == 0 && (first < 0 || end > 32) {
			t.Errorf("a Push changes the bytes from %d to %d of a bucket, want some of the first 32", first, end)
		}
		if i == 1 && first >= 0 {
			t.Errorf("a second Push changes the bytes from %d to %d of a bucket", first, end)
		}
		defer func() { <-woken }()
	}
	for range 2 {
		var w *Waiter
		WithQueue(word, func(q Queue) { w = q.Pop() })
		defer w.Wake(0)
	}
	if end := unsafe.Offsetof(b.lent) + unsafe.Sizeof(b.lent); end > 32 {
		t.Errorf("what lockQueue reads ends at byte %d of a bucket, want 32 at most", end)
	}
}

// TestLinesOfAWaiter checks which cache lines of a Waiter other goroutines write, if it begins with one: the first
// when its neighbours in the queue change, and the second when it is woken, too.
func TestLinesOfAWaiter(t *testing.T) {
	if debugging {
		t.Skip("with osync_debug a Waiter begins with other things")
	}
	var w Waiter
	if end := unsafe.Offsetof(w.lastHandOff) + 8; end > 64 {
		t.Errorf("the place in a queue ends at byte %d of a Waiter, want 64 at most", end)
	}
	for name, at := range map[string]uintptr{
		"token": unsafe.Offsetof(w.token), "stage": unsafe.Offsetof(w.stage), "cond": unsafe.Offsetof(w.cond) + unsafe.Sizeof(w.cond) - 4,
	} {
		if at+4 > 128 {
			t.Errorf("%s is at byte %d of a Waiter, want it in the first 128", name, at)
		}
	}
}
