// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package src

import "sync"

type queue struct {
	mu    sync.Mutex
	full  *sync.Cond
	items []int
}

func (q *queue) put(item int) {
	q.mu.Lock()
	q.items = append(q.items, item)
	q.mu.Unlock()
	q.full.Signal()
}

func (q *queue) take() int {
	q.mu.Lock()
	empty := len(q.items) == 0
	q.mu.Unlock()
	if empty {
		q.mu.Lock()
		q.full.Wait()
		q.mu.Unlock()
	}
	item := q.items[0]
	q.items = q.items[1:]
	return item
}

func handOver(x *run) {
	var q queue
	q.full = sync.NewCond(&q.mu)
	x.Go(func() { q.take() })
	q.put(1)
	x.Wait()
}
