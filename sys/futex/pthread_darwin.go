// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/darwin"
)

// Without a system futex, threads sleep on condition variables in a table, in which the address of
// a word selects its bucket. Words of the same bucket interfere: a wake of one can wake waiters of
// the others, a spurious wake-up for them.

// A bucket serves the words whose addresses hash to it.
type bucket struct {
	// waiters counts the threads inside pthreadSleep. A thread adds itself before it checks the
	// word, and a waker writes the word before it reads waiters: so at least one sees the other.
	waiters atomic.Int32
	// word is the address of the word on which all waiters of the bucket wait, several if they wait
	// on more than one, or 0 if there are no waiters. It changes under mu, which the race detector
	// does not see, so it is atomic.
	word atomic.Uintptr

	mu   darwin.PthreadMutex
	cond darwin.PthreadCond
}

const several = ^uintptr(0)

// buckets returns the table, which the first call allocates. It is larger than the usual number of
// sleeping threads of a program, and never moves, as libSystem's objects require.
var buckets = sync.OnceValue(func() *[128]bucket {
	table := new([128]bucket)
	for i := range table {
		must(darwin.PthreadMutexInit(&table[i].mu, nil))
		must(darwin.PthreadCondInit(&table[i].cond, nil))
	}
	return table
})

func must(err error) {
	if err != nil {
		panic("futex: pthread: " + err.Error()) // memory corruption, or a bug here
	}
}

// bucketOf hashes the bits of the address in which the words of a program differ.
func bucketOf(addr *atomic.Uint32) *bucket {
	const golden = 0x9E3779B97F4A7C15 // 2⁶⁴ divided by the golden ratio: spreads close addresses
	return &buckets()[uint64(uintptr(unsafe.Pointer(addr)))*golden>>(64-7)]
}

// lock locks the bucket's mutex. The thread owns it, so the goroutine stays on the thread.
func (b *bucket) lock() {
	runtime.LockOSThread()
	must(darwin.PthreadMutexLock(&b.mu))
}

func (b *bucket) unlock() {
	must(darwin.PthreadMutexUnlock(&b.mu))
	runtime.UnlockOSThread()
}

func pthreadSleep(addr *atomic.Uint32, old uint32, limit ticks) error {
	b := bucketOf(addr)
	b.lock()
	defer b.unlock()
	b.enter(addr)
	defer b.leave()
	if addr.Load() != old {
		return nil
	}
	if limit == noLimit {
		return darwin.PthreadCondWait(&b.cond, &b.mu)
	}
	left := max(limit.left(), 1) // 0 could mean no timeout
	timeout := darwin.Timespec{Sec: int64(left / time.Second), Nsec: int64(left % time.Second)}
	return darwin.PthreadCondTimedwaitRelativeNp(&b.cond, &b.mu, &timeout)
}

func (b *bucket) enter(addr *atomic.Uint32) {
	b.waiters.Add(1)
	switch word := uintptr(unsafe.Pointer(addr)); b.word.Load() {
	case 0:
		b.word.Store(word)
	case word:
	default:
		b.word.Store(several)
	}
}

func (b *bucket) leave() {
	if b.waiters.Add(-1) == 0 {
		b.word.Store(0)
	}
}

func pthreadWake(addr *atomic.Uint32, all bool) error {
	b := bucketOf(addr)
	if b.waiters.Load() == 0 {
		return syscall.ENOENT
	}
	b.lock()
	defer b.unlock()
	switch word := b.word.Load(); {
	case word == several || word == uintptr(unsafe.Pointer(addr)) && all:
		return darwin.PthreadCondBroadcast(&b.cond)
	case word == uintptr(unsafe.Pointer(addr)):
		return darwin.PthreadCondSignal(&b.cond)
	default:
		return syscall.ENOENT
	}
}
