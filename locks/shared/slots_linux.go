// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// The record locks are on bytes beyond the end of the largest possible region.
const (
	byteInit  = 1<<62 + iota // held by the process that makes the region
	byteClaim                // held by the process that takes a slot
	byteSlot                 // of slot 0, and so on
)

// noLists is set if the system has no robust lists, like some sandboxes and emulators.
var noLists atomic.Bool

// marks reports whether the kernel marks the words of a process that dies.
func marks() bool { return !noLists.Load() }

// mine reports whether slot i belongs to this process.
func (r *Region) mine(i int) bool { return r.ids[i].Load() != 0 }

// lockByte locks a byte of the file. If another process has locked the byte, lockByte waits, or returns EAGAIN.
func (r *Region) lockByte(n int64, wait bool) error {
	cmd := unix.F_OFD_SETLK
	if wait {
		cmd = unix.F_OFD_SETLKW
	}
	return r.control(cmd, &unix.Flock_t{Type: unix.F_WRLCK, Start: n, Len: 1})
}

func (r *Region) unlockByte(n int64) {
	r.control(unix.F_OFD_SETLK, &unix.Flock_t{Type: unix.F_UNLCK, Start: n, Len: 1})
}

func (r *Region) control(cmd int, lock *unix.Flock_t) error {
	for {
		if err := unix.FcntlFlock(r.file.Fd(), cmd, lock); err != unix.EINTR {
			return os.NewSyscallError("fcntl", err)
		}
	}
}

// locked reports whether another open file, which belongs to another process, has the lock on a byte.
func (r *Region) locked(n int64) bool {
	lock := unix.Flock_t{Type: unix.F_WRLCK, Start: n, Len: 1}
	return r.control(unix.F_OFD_GETLK, &lock) == nil && lock.Type != unix.F_UNLCK
}

// claim takes a slot for the keeper k. It reports false if another slot has the same id, which is that of a live keeper in
// another pid namespace, or of a dead keeper. Words that the kernel has not marked may still bear the id of a dead keeper.
// So claim takes free slots first, and then the slots of dead keepers. It takes the slots of an earlier start of the
// system last, since many such words may be left after a restart.
func (r *Region) claim(k *keeper) (taken int, ok bool, err error) {
	// Two processes must not claim at the same time: each would miss the other's id.
	if err := r.lockByte(byteClaim, true); err != nil {
		return 0, false, err
	}
	defer r.unlockByte(byteClaim)
	r.age()
	if r.header().slotOf(k.id) != nil {
		return 0, false, nil
	}
	slots := &r.header().slots
	for _, fits := range []func(s *slot) bool{
		func(s *slot) bool { return s.id.Load() == 0 },
		func(s *slot) bool { return s.old == 0 },
		func(s *slot) bool { return true },
	} {
		for i := range slots {
			if r.mine(i) || !fits(&slots[i]) {
				continue
			}
			switch err := r.lockByte(byteSlot+int64(i), false); {
			case err == nil:
				r.fill(&slots[i], k.id)
				return i, true, nil
			case !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.EACCES):
				return 0, false, err
			}
		}
	}
	return 0, false, ErrTooMany
}

// fill gives a slot to a keeper of this process. It stores the id last.
func (r *Region) fill(s *slot, id uint32) {
	s.id.Store(0)
	s.pid, s.old, s.start, s.ns = uint32(os.Getpid()), 0, self().start, self().ns
	s.alive.Store(id)
	s.id.Store(id)
}

// age sets old in each slot that is not free, if the system has been started since the region was last used. In that case
// no live process has one of these slots. Only one process at a time calls age.
func (r *Region) age() {
	h := r.header()
	if boot() == ([16]byte{}) || h.boot == boot() {
		return
	}
	for i := range h.slots {
		if s := &h.slots[i]; s.id.Load() != 0 {
			s.old = 1
		}
	}
	h.boot = boot()
}

// boot returns the number of the system's start, or zero if that is not known.
var boot = sync.OnceValue(func() (id [16]byte) {
	text, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err == nil {
		hex.Decode(id[:], bytes.ReplaceAll(bytes.TrimSpace(text), []byte("-"), nil))
	}
	return id
})

// dead reports whether no live process has a keeper with this id. For the id of a dead keeper it may report false, and
// true later.
func (r *Region) dead(id uint32) bool {
	slots := &r.header().slots
	for i := range slots {
		if s := &slots[i]; s.id.Load() == id && (r.mine(i) || r.locked(byteSlot+int64(i))) {
			return false
		}
	}
	return true
}

// buried reports whether all threads of each process that the kernel has begun to bury have ended. The kernel marks the
// words of a process when its keeper ends, and the other threads may still run for some microseconds.
func (r *Region) buried() bool {
	slots := &r.header().slots
	for i := range slots {
		s := &slots[i]
		if a := s.alive.Load(); a&died != 0 {
			if r.locked(byteSlot + int64(i)) {
				return false
			}
			s.alive.CompareAndSwap(a, 0)
		}
	}
	return true
}
