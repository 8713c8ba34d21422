// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard

import (
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/locks/park"
)

// words returns the words of a lock of package locks, whose sizes that package pins.
func words[L any](l *L) []atomic.Uint32 {
	return unsafe.Slice((*atomic.Uint32)(unsafe.Pointer(l)), unsafe.Sizeof(*l)/4)
}

// queued returns how many goroutines wait on a word.
//
//go:noinline
func queued(addr *atomic.Uint32) (n int) {
	park.WithQueue(addr, func(q park.Queue) {
		for range q.All() {
			n++
		}
	})
	return n
}

// waiting returns how many goroutines wait for a lock, or for a change.
func waiting[L any](l *L, ws *waiters) int {
	n := queued(&ws.n)
	for i := range words(l) {
		n += queued(&words(l)[i])
	}
	return n
}

// state returns 0 if l is not in use and the count of waiters is 0.
func state[L any](l *L, ws *waiters) uint64 {
	s := uint64(ws.n.Load()) << 32
	for i := range words(l) {
		s |= uint64(words(l)[i].Load())
	}
	return s
}

func (g *Mutex[T]) Waiting() int   { return waiting(&g.m, &g.waiters) }
func (g *RWMutex[T]) Waiting() int { return waiting(&g.rw, &g.waiters) }

// Resting returns how many goroutines wait, or -1 if g is locked: a waiter enters the queue before it unlocks
// g. A waiter that goes from one queue to the other is counted once.
func (g *Mutex[T]) Resting() (n int) {
	lock := &words(&g.m)[0]
	park.WithQueues(&g.waiters.n, lock, func(forChange, forLock park.Queue) {
		for range forChange.All() {
			n++
		}
		for range forLock.All() {
			n++
		}
	})
	if lock.Load()&1 != 0 {
		return -1
	}
	return n
}

func (g *Mutex[T]) State() uint64   { return state(&g.m, &g.waiters) }
func (g *RWMutex[T]) State() uint64 { return state(&g.rw, &g.waiters) }

// handedOffNow says that the lock, which the caller holds, was handed off in this millisecond.
func (ws *waiters) handedOffNow() { ws.handOffMs = uint32(mono.Now() / handOffIntervalNs) }

func (g *Mutex[T]) HandedOffNow()   { g.waiters.handedOffNow() }
func (g *RWMutex[T]) HandedOffNow() { g.waiters.handedOffNow() }

// Fill makes g a lock that as many goroutines read as it can count, or none.
func (g *RWMutex[T]) Fill(full bool) {
	if full {
		g.rw.RLock()
	}
	for i := range words(&g.rw) {
		w := &words(&g.rw)[i]
		if one := w.Load(); full {
			w.Store((1<<25 - 1) * one)
		} else {
			w.Store(0)
		}
	}
}

// HandedOffLongAgo says that the lock, which the caller holds, was not handed off for a while.
func (g *Mutex[T]) HandedOffLongAgo() { g.waiters.handOffMs = 0 }

// AsIfSet changes the value without waking a waiter, like a With that is stopped before it wakes one.
func (g *Mutex[T]) AsIfSet(v T) {
	g.m.Lock()
	g.v = v
	g.waiters.version.Add(1)
	g.m.Unlock()
}

// Unchecked reports whether the next use of l checks T.
func (l *SeqLock[T]) Unchecked() bool { return l.seq.Load() == 0 }

// Writing reports whether a writer holds the lock of l.
func (l *SeqLock[T]) Writing() bool {
	if l.w.TryLock() {
		l.w.Unlock()
		return false
	}
	return true
}

// BeginWrite puts l into the state of a write that is under way. EndWrite ends that.
func (l *SeqLock[T]) BeginWrite() { l.seq.Add(1) }
func (l *SeqLock[T]) EndWrite()   { l.seq.Add(1) }
