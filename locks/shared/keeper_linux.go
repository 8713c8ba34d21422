// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"fmt"
	"iter"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/sys/linux"
)

// A keeper is a thread that owns locks for its process: its id is in their words, and its robust list names them to the
// kernel. A keeper sleeps as long as the process lives.
//
// The kernel skips nodes whose word does not bear the thread's id. So a lock stays in the list once it is there, and
// taking and freeing it changes only its word. When all of keepersFew keepers are full, locks that the process does not
// hold are evicted to make room for others. For the locks that the process holds at the same time there are as many
// keepers as necessary.
type keeper struct {
	id   uint32
	head *linux.RobustListHead
	last *linux.RobustList // of the list
	hand *linux.RobustList // the node before the one that evict looks at next
	n    int               // of nodes
}

var (
	keeperMost = 2000 // the maximum number of locks of a keeper: the kernel looks at ROBUST_LIST_LIMIT nodes
	keepersFew = 4    // the number of keepers that a process has before locks are evicted
)

// evictMost is the maximum number of locks that one call of evict takes out of the list.
const evictMost = 64

// parts is the number of parts of the arena: the nodes are in part 1.
const parts = 3

// keepers are the keepers of the process that a region uses, and their slots.
type keepers struct {
	mu   sync.Mutex
	list []*keeper
	slot []int
}

// ownKeepers holds all keepers of the process. A keeper serves many regions.
var ownKeepers struct {
	mu   sync.Mutex // locked after keepers.mu
	list []*keeper
}

// newKeeper starts a keeper whose id fits.
func newKeeper(fits func(id uint32) bool) (*keeper, error) {
	if err := reserve(); err != nil {
		return nil, err
	}
	p, err := unix.MmapPtr(-1, 0, nil, uintptr(os.Getpagesize()), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return nil, os.NewSyscallError("mmap", err)
	}
	k := &keeper{head: (*linux.RobustListHead)(p)}
	k.head.List.Next = uintptr(p)
	k.head.FutexOffset = -int(space.size)
	k.last, k.hand = &k.head.List, &k.head.List
	for range claimMost {
		started := make(chan bool)
		go k.keep(fits, started)
		if <-started {
			return k, nil
		}
	}
	if err := unix.MunmapPtr(p, uintptr(os.Getpagesize())); err != nil {
		return nil, os.NewSyscallError("munmap", err)
	}
	return nil, fmt.Errorf("%w: the ids of %d threads are those of others", ErrTooMany, claimMost)
}

// keep is what the keeper's thread runs: it registers the list, and from then on does nothing. A thread whose id does not
// fit ends, and the next thread has another id.
func (k *keeper) keep(fits func(id uint32) bool, started chan<- bool) {
	runtime.LockOSThread() // and never unlocked: if the goroutine ends, so does the thread
	if linux.Gettid() == os.Getpid() {
		// The main thread may have a list that C code uses. While this goroutine has that thread, another goroutine gets
		// another thread.
		done := make(chan struct{})
		go func() { defer close(done); k.keep(fits, started) }()
		runtime.Gosched()
		<-done
		runtime.UnlockOSThread()
		return
	}
	if !fits(uint32(linux.Gettid())) {
		started <- false
		return
	}
	if linux.SetRobustList(k.head, unsafe.Sizeof(*k.head)) != nil {
		noLists.Store(true) // then waiters find out which processes are dead
	}
	k.id = uint32(linux.Gettid())
	started <- true
	select {}
}

// link adds the node of the word at addr to the end of the list. The list is complete at each instant.
func (k *keeper) link(addr uintptr) {
	node := (*linux.RobustList)(pointer(addr + space.size))
	store(&node.Next, uintptr(unsafe.Pointer(k.head)))
	store(&k.last.Next, addr+space.size)
	k.last = node
	k.n++
}

// unlink takes the nodes of all words from lo to hi out of the list.
func (k *keeper) unlink(lo, hi uintptr) {
	prev := &k.head.List
	for prev.Next != uintptr(unsafe.Pointer(k.head)) {
		next := (*linux.RobustList)(pointer(prev.Next))
		if at := prev.Next - space.size; at >= lo && at < hi {
			store(&prev.Next, next.Next)
			k.n--
		} else {
			prev = next
		}
	}
	k.last, k.hand = prev, &k.head.List
}

// evict takes some locks that the process does not hold out of the list, and reports whether it found any. It goes round
// the list: the lock that was linked first is evicted first. evict is called with ownKeepers.mu held.
//
// A goroutine that takes a lock changes the word, then looks at local.id; evict changes local.id, then looks at the
// word. So at least one of them sees the other:
//
//	evict                            a goroutine that takes the lock
//	e1  the word is held: keep it    t1  id = local.id, which is not 0
//	e2  local.id = 0                 t2  CAS the word from 0 to id
//	e3  the word is held:            t3  local.id is id: the lock is linked, and stays linked while it is held
//	    local.id = id, keep it       t4  else adopt, which waits for evict; the word gets the id that adopt returns
//	e4  unlink the node
//
// If t2 comes before e3, the lock is kept, and t4 finds it linked. Otherwise e2 comes before t3, which leads to t4: the
// lock is linked again, perhaps in the list of another keeper. A process that is killed between t2 and the end of t4 may
// leave a word that the kernel does not mark. A waiter finds after the time recheck that no live process has that id. A
// kill between e2 and e4 affects only a free word.
func (k *keeper) evict() bool {
	n := k.n
	for range k.n {
		if k.hand.Next == uintptr(unsafe.Pointer(k.head)) {
			k.hand = &k.head.List
		}
		node := (*linux.RobustList)(pointer(k.hand.Next))
		if !release(k.hand.Next-space.size, k.id, ownID) {
			k.hand = node
			continue
		}
		store(&k.hand.Next, node.Next)
		if k.last == node {
			k.last = k.hand
		}
		if k.n--; n-k.n == evictMost {
			break
		}
	}
	return k.n < n
}

// ownID reports whether a keeper of the process has the id.
func ownID(id uint32) bool {
	return slices.ContainsFunc(ownKeepers.list, func(k *keeper) bool { return k.id == id })
}

func store(p *uintptr, v uintptr) { (*atomic.Uintptr)(unsafe.Pointer(p)).Store(v) }

// join gives the process a keeper in the region.
func (r *Region) join() error {
	r.keepers.mu.Lock()
	defer r.keepers.mu.Unlock()
	ownKeepers.mu.Lock()
	defer ownKeepers.mu.Unlock()
	_, err := r.keepers.more(r)
	return err
}

// roomy returns a keeper of the region that has room for a lock, or nil if the region needs one more keeper. It is
// called with ks.mu and ownKeepers.mu held.
func (ks *keepers) roomy() *keeper {
	for _, k := range ks.list {
		if k.n < keeperMost {
			return k
		}
	}
	if len(ownKeepers.list) >= keepersFew {
		for _, k := range ks.list {
			if k.evict() {
				return k
			}
		}
	}
	return nil
}

// more gives the region one more keeper, which has room. It is called with ks.mu and ownKeepers.mu held.
func (ks *keepers) more(r *Region) (*keeper, error) {
	tried := map[*keeper]bool{}
	for _, k := range ks.list {
		tried[k] = true
	}
	for range claimMost {
		var k *keeper
		for _, own := range ownKeepers.list {
			if !tried[own] && (own.n < keeperMost || len(ownKeepers.list) >= keepersFew && own.evict()) {
				k = own
				break
			}
		}
		if k == nil {
			var err error
			if k, err = newKeeper(func(id uint32) bool { return r.header().slotOf(id) == nil }); err != nil {
				return nil, err
			}
			ownKeepers.list = append(ownKeepers.list, k)
		}
		tried[k] = true
		i, ok, err := r.claim(k)
		if err != nil {
			return nil, err
		}
		if ok {
			ks.list, ks.slot = append(ks.list, k), append(ks.slot, i)
			r.ids[i].Store(k.id)
			k.link(uintptr(unsafe.Pointer(&r.header().slots[i].alive)))
			return k, nil
		}
	}
	return nil, ErrTooMany
}

// claimMost is the maximum number of threads that are started with ids of other keepers, which are in other pid namespaces
// or dead: there are fewer such keepers.
const claimMost = 2 * MaxKeepers

// adopt links the lock whose word is at addr, and returns the id of the process in that word.
func (r *Region) adopt(addr uintptr, l *local) (uint32, error) {
	r.keepers.mu.Lock()
	defer r.keepers.mu.Unlock()
	if r.closed.Load() {
		return 0, ErrClosed
	}
	ownKeepers.mu.Lock()
	defer ownKeepers.mu.Unlock()
	if id := l.id.Load(); id != 0 {
		return id, nil
	}
	k := r.keepers.roomy()
	if k == nil {
		var err error
		if k, err = r.keepers.more(r); err != nil {
			return 0, err
		}
	}
	if (*linux.RobustList)(pointer(addr+space.size)).Next == 0 { // it is linked for the first time
		r.words = append(r.words, addr)
	}
	k.link(addr)
	l.id.Store(k.id)
	return k.id, nil
}

// retire closes the region to goroutines that arrive from now on, unless the process holds a lock of it.
func (r *Region) retire() error {
	ks := &r.keepers
	ks.mu.Lock()
	defer ks.mu.Unlock()
	ownKeepers.mu.Lock()
	defer ownKeepers.mu.Unlock()
	r.closed.Store(true)
	for _, k := range ks.list {
		for at := range k.linked(r.base+uintptr(dataAt), r.base+r.size) {
			if !release(at, k.id, r.owns) {
				r.stay()
				return ErrInUse
			}
		}
	}
	for _, k := range ks.list { // before the words become read-only: at such a word the kernel would stop
		k.unlink(r.base+uintptr(dataAt), r.base+r.size)
	}
	return nil
}

// stay undoes retire.
func (r *Region) stay() {
	for _, k := range r.keepers.list {
		for at := range k.linked(r.base+uintptr(dataAt), r.base+r.size) {
			localAt(at).id.Store(k.id)
		}
	}
	r.closed.Store(false)
}

// leave gives the slots back.
func (r *Region) leave() {
	ks := &r.keepers
	ks.mu.Lock()
	defer ks.mu.Unlock()
	ownKeepers.mu.Lock()
	defer ownKeepers.mu.Unlock()
	for i, k := range ks.list {
		r.giveBack(ks.slot[i])
		r.ids[ks.slot[i]].Store(0)
		k.unlink(r.base, r.base+r.size)
	}
	ks.list, ks.slot = nil, nil
}

func (r *Region) giveBack(slot int) {
	var err error // of a file that has been truncated
	defer faulted(debug.SetPanicOnFault(true), &err)
	s := &r.header().slots[slot]
	s.alive.Store(0)
	s.id.Store(0)
}

// linked yields the addresses from lo to hi of the words in the list.
func (k *keeper) linked(lo, hi uintptr) iter.Seq[uintptr] {
	return func(yield func(uintptr) bool) {
		for p := k.head.List.Next; p != uintptr(unsafe.Pointer(k.head)); p = (*linux.RobustList)(pointer(p)).Next {
			if at := p - space.size; at >= lo && at < hi && !yield(at) {
				return
			}
		}
	}
}
