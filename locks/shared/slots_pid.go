// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin || windows

package shared

import (
	"io/fs"
	"os"
	"runtime/debug"
	"sync"
	"time"
)

// On these systems the kernel has no part in the ownership of words. A slot belongs to a process while that process lives,
// and says which process that is. The id in a slot is not a process number, which another process may get some day, but a
// number that the region gives once. So a word with the id of a dead process never seems to have an owner, and any waiter
// can mark it.

// parts is the number of parts of the arena: there are no nodes.
const parts = 2

// marks reports whether the kernel marks the words of a process that dies.
func marks() bool { return false }

// A process holds the number of a process, in the upper half, and the lower half of the time at which the process began.
// 0 means no process.
//
// Two processes with the same number began at different times. The lower halves of these times agree only by chance.
type process uint64

func processOf(pid uint32, start uint64) process { return process(pid)<<32 | process(uint32(start)) }

// lives reports whether the process that has the slot lives and, if it is the caller's process, still runs the program
// that took the slot.
func (s *slot) lives() bool {
	if s.pid == uint32(os.Getpid()) {
		return s.start == self().start && s.ns == self().ns
	}
	return processOf(s.pid, s.start).lives()
}

// keepers are the region's state of its own process.
type keepers struct {
	mu   sync.Mutex
	id   uint32      // in the words that the process owns
	slot int         // that has the id
	key  [16]byte    // of the region
	perm fs.FileMode // of the region
}

// lockInit waits until this process is the only one that makes the region, takes a slot, or settles the layout. If the
// process is killed before unlockInit, another process takes its place.
func (r *Region) lockInit() error {
	h := r.header()
	if !h.blank() && h.magic.Load() != magic {
		return ErrForeign // and nothing may be written into it
	}
	own := uint64(processOf(uint32(os.Getpid()), self().start))
	for d := 50 * time.Microsecond; !h.maker.CompareAndSwap(0, own); d = min(2*d, 5*time.Millisecond) {
		if m := h.maker.Load(); m == 0 || !process(m).lives() && h.maker.CompareAndSwap(m, own) {
			if m != 0 {
				return nil
			}
			continue
		}
		time.Sleep(d)
	}
	return nil
}

func (r *Region) unlockInit() { r.header().maker.Store(0) }

// join gives the process a slot and an id in the region.
func (r *Region) join() error {
	if err := r.lockInit(); err != nil {
		return err
	}
	defer r.unlockInit()
	h := r.header()
	slots := &h.slots
	taken := -1
	for i := range slots {
		if slots[i].id.Load() == 0 {
			taken = i
			break
		}
		if taken < 0 && !slots[i].lives() {
			taken = i
		}
	}
	if taken < 0 {
		return ErrTooMany
	}
	s := &slots[taken]
	s.id.Store(0)
	s.pid, s.start, s.ns = uint32(os.Getpid()), self().start, self().ns
	id := r.nextID()
	s.id.Store(id)
	r.ids[taken].Store(id) // owner finds it here in the instant in which release has set the id of a local to 0
	ks := &r.keepers
	ks.mu.Lock()
	defer ks.mu.Unlock()
	ks.id, ks.slot, ks.key, ks.perm = id, taken, h.key, fs.FileMode(h.perm)
	return nil
}

// nextID returns a number that no slot has. As long as fewer than a billion processes have used the region, no word has
// that number either.
func (r *Region) nextID() uint32 {
	h := r.header()
	id := (h.last.Load() + 1) & ownerMask
	for id == 0 || h.slotOf(id) != nil {
		id = (id + 1) & ownerMask
	}
	h.last.Store(id)
	return id
}

// adopt records the word at addr in words, and returns the id of the process in that word.
func (r *Region) adopt(addr uintptr, l *local) (uint32, error) {
	ks := &r.keepers
	ks.mu.Lock()
	defer ks.mu.Unlock()
	if r.closed.Load() {
		return 0, ErrClosed
	}
	if l.id.Load() == 0 {
		r.words = append(r.words, addr)
		l.id.Store(ks.id)
	}
	return ks.id, nil
}

// retire closes the region to goroutines that arrive from now on, unless the process holds a lock of it.
func (r *Region) retire() error {
	ks := &r.keepers
	ks.mu.Lock()
	defer ks.mu.Unlock()
	r.closed.Store(true)
	own := func(id uint32) bool { return id == ks.id }
	for i, addr := range r.words {
		if !release(addr, ks.id, own) {
			for _, addr := range r.words[:i] {
				localAt(addr).id.Store(ks.id)
			}
			r.closed.Store(false)
			return ErrInUse
		}
	}
	return nil
}

// leave gives the slot back.
func (r *Region) leave() {
	var err error // of a file that has been truncated
	defer faulted(debug.SetPanicOnFault(true), &err)
	r.ids[r.keepers.slot].Store(0)
	r.header().slots[r.keepers.slot].id.Store(0)
}

// dead reports whether no live process has this id. For the id of a dead process it may report false, and true later.
func (r *Region) dead(id uint32) bool {
	s := r.header().slotOf(id)
	return s == nil || !s.lives()
}

// buried reports true: a process is dead here once all of its threads have ended.
func (r *Region) buried() bool { return true }
