// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command parkinglot shows where the queue of a lock can be if not in the lock: in a table of all
// waiters, found by the address of what they wait for. A lock is then as
// small as a word can be, however much its queue has to know.
//
// Two rules make it work. A waiter looks at the word once more under the table's lock (valid)
// before it sleeps. A waker changes the word under it, too (settle), knowing whether others still
// wait. Watch for the table: it is empty when no goroutine waits. After Filip Pizlo (Locking in WebKit,
// 2016). Package locks/park is the finished form, on which all of locks is built.
package main

import (
	"fmt"
	"hash/maphash"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks"
)

const about = "Shows a parking lot: the queues of all locks in one table, and a lock of one word on it."

func main() { program.Main(about, run) }

// A Lot is where those sleep who wait for a word to change.
type Lot struct {
	seed    maphash.Seed
	buckets [64]struct {
		mu     sync.Mutex
		queues map[*atomic.Uint32][]chan struct{} // guarded by mu; each sleeper has a channel
	}
}

var lot = NewLot()

// NewLot returns an empty lot.
func NewLot() *Lot {
	l := &Lot{seed: maphash.MakeSeed()}
	for i := range l.buckets {
		l.buckets[i].queues = map[*atomic.Uint32][]chan struct{}{}
	}
	return l
}

func (l *Lot) index(addr *atomic.Uint32) uint64 {
	return maphash.Comparable(l.seed, addr) % uint64(len(l.buckets))
}

// Park puts the caller to sleep on addr until an UnparkOne, if valid says so.
func (l *Lot) Park(addr *atomic.Uint32, valid func() bool) {
	b := &l.buckets[l.index(addr)]
	b.mu.Lock()
	if !valid() {
		b.mu.Unlock()
		return
	}
	woken := make(chan struct{})
	b.queues[addr] = append(b.queues[addr], woken)
	b.mu.Unlock()
	<-woken
}

// UnparkOne wakes the one who has slept longest on addr. Before, while no goroutine can fall asleep, it
// tells settle whether there are others.
func (l *Lot) UnparkOne(addr *atomic.Uint32, settle func(more bool)) {
	b := &l.buckets[l.index(addr)]
	b.mu.Lock()
	defer b.mu.Unlock()
	queue := b.queues[addr]
	settle(len(queue) > 1)
	switch len(queue) {
	case 0:
		return
	case 1:
		delete(b.queues, addr)
	default:
		b.queues[addr] = queue[1:]
	}
	close(queue[0])
}

// queues counts the words on which a goroutine sleeps.
func (l *Lot) queues() (n int) {
	for i := range l.buckets {
		b := &l.buckets[i]
		b.mu.Lock()
		n += len(b.queues)
		b.mu.Unlock()
	}
	return n
}

// A Mutex is a mutual exclusion lock of one word. The zero value is unlocked.
type Mutex struct{ state atomic.Uint32 }

const (
	locked = 1 << iota // a goroutine holds it
	parked             // a goroutine may sleep
)

// Lock locks m. It waits until it can.
func (m *Mutex) Lock() {
	for {
		s := m.state.Load()
		switch {
		case s&locked == 0:
			if m.state.CompareAndSwap(s, s|locked) { // acquire
				return
			}
		case s&parked != 0 || m.state.CompareAndSwap(s, s|parked):
			lot.Park(&m.state, func() bool { return m.state.Load() == locked|parked })
		}
	}
}

// Unlock unlocks m.
func (m *Mutex) Unlock() {
	if m.state.CompareAndSwap(locked, 0) { // release
		return
	}
	lot.UnparkOne(&m.state, func(more bool) {
		if more {
			m.state.Store(parked) // release
		} else {
			m.state.Store(0) // release
		}
	})
}

func run(out io.Writer) error {
	const goroutines, additions, mutexes = 8, 1000, 16
	var (
		ms   [mutexes]Mutex
		sums [mutexes]int // each guarded by its mutex
		wg   sync.WaitGroup
	)
	for g := range goroutines {
		wg.Go(func() {
			for i := range additions {
				k := (g + i) / 8 % mutexes
				ms[k].Lock()
				sums[k]++
				if i%8 == 0 {
					runtime.Gosched() // let others meet the lock held
				}
				ms[k].Unlock()
			}
		})
	}
	wg.Wait()
	sum := 0
	for _, n := range sums {
		sum += n
	}
	fmt.Fprintf(out, "%d goroutines made %d additions under %d mutexes: %d\n", goroutines, additions, mutexes, sum)
	fmt.Fprintf(out, "bytes of a mutex: ours %d, locks.Mutex %d, sync.Mutex %d\n", unsafe.Sizeof(Mutex{}), unsafe.Sizeof(locks.Mutex{}), unsafe.Sizeof(sync.Mutex{}))
	fmt.Fprintf(out, "queues in the lot now: %d\n", lot.queues())
	if n := lot.queues(); sum != goroutines*additions || n != 0 {
		return fmt.Errorf("counted %d, want %d; %d queues are left", sum, goroutines*additions, n)
	}
	return nil
}
