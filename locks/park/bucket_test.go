// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"sync/atomic"
	"testing"
)

// TestSpread hashes words that lie side by side. They use all buckets, and those of one bucket all its classes.
func TestSpread(t *testing.T) {
	words := make([]atomic.Uint32, 1<<16)
	used, classes := map[*bucket]bool{}, map[uint64]bool{}
	for i := range words {
		b := bucketOf(&words[i])
		used[b] = true
		if b == bucketOf(&words[0]) {
			classes[classOf(&words[i])] = true
		}
	}
	if len(used) != len(buckets) || len(classes) != 1<<classBits {
		t.Errorf("%d words use %d buckets of %d, and in one of them %d classes of %d",
			len(words), len(used), len(buckets), len(classes), 1<<classBits)
	}
}

// TestDepth puts a waiter on each of many words of a bucket. Their tree is not much deeper than it must be.
func TestDepth(t *testing.T) {
	const n, most = 500, 40
	words := SameBucket(n)
	for _, word := range words {
		WithQueue(word, func(q Queue) { q.Push(NewWaiter(Condition, Limit{}).Entering()) })
	}
	var depth func(head *Waiter) int
	depth = func(head *Waiter) int {
		if head == nil {
			return 0
		}
		return 1 + max(depth(head.left), depth(head.right))
	}
	if d := depth(bucketOf(words[0]).root); d > most {
		t.Errorf("the tree of %d queues is %d deep, want at most %d", n, d, most)
	}
	for _, word := range words {
		WithQueue(word, func(q Queue) { q.Pop().Drop() })
	}
}

// TestCountedOnce takes out waiters that called Wait. None of them is still counted, neither as a sleeper of the bucket
// nor for its next use.
func TestCountedOnce(t *testing.T) {
	for name, out := range map[string]func(q Queue, w *Waiter){
		"Pop":     func(q Queue, _ *Waiter) { q.Pop() },
		"popUpTo": func(q Queue, _ *Waiter) { q.popUpTo(1) },
		"remove":  func(q Queue, w *Waiter) { q.remove(w) },
	} {
		var word atomic.Uint32
		before := Counted()
		w := NewWaiter(Condition, Limit{}).Entering()
		WithQueue(&word, func(q Queue) {
			compare{}.Enqueue(q, w)
			if !w.counted {
				t.Errorf("%s: a waiter that came by Wait is not counted", name)
			}
			out(q, w)
		})
		if n := Counted() - before; n != 0 || w.counted {
			t.Errorf("%s: %d sleepers are left, counted: %t", name, n, w.counted)
		}
		w.Drop()
	}
}
