// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// The record locks are on bytes behind the greatest region.
const (
	byteInit  = 1<<62 + iota // held by who makes the region
	byteClaim                // held by who takes a slot
	byteSlot                 // of slot 0, and so on
)

// marks says that the kernel marks the words of a process that dies.
const marks = true

// lockByte locks a byte of the file. If that is another process's it waits, or returns EAGAIN.
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

// locked reports whether another open file, which is another process's, has the lock of a byte.
func (r *Region) locked(n int64) bool {
	lock := unix.Flock_t{Type: unix.F_WRLCK, Start: n, Len: 1}
	return r.control(unix.F_OFD_GETLK, &lock) == nil && lock.Type != unix.F_UNLCK
}

// claim takes a slot for the keeper k. It reports false if another keeper that lives has the same id: it
// belongs to another pid namespace.
func (r *Region) claim(k *keeper) (taken int, ok bool, err error) {
	taken = -1
	// Two processes do not claim at the same time: each would miss the other's id.
	if err := r.lockByte(byteClaim, true); err != nil {
		return 0, false, err
	}
	defer r.unlockByte(byteClaim)
	slots := &r.header().slots
	for i := range slots {
		s := &slots[i]
		switch err := r.lockByte(byteSlot+int64(i), false); {
		case err == nil:
			switch {
			case r.mine(i):
				continue
			case s.id.Load() == k.id:
				// Words that the kernel has not marked may still bear the id of the dead.
				r.unlockByte(byteSlot + int64(i))
				return 0, false, nil
			case taken < 0:
				taken = i
				continue
			}
			r.unlockByte(byteSlot + int64(i))
		case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EACCES):
			if s.id.Load() == k.id {
				if taken >= 0 {
					r.unlockByte(byteSlot + int64(taken))
				}
				return 0, false, nil
			}
		default:
			return 0, false, err
		}
	}
	if taken < 0 {
		return 0, false, ErrTooMany
	}
	s := &slots[taken]
	s.id.Store(0)
	s.pid, s.start, s.ns = uint32(os.Getpid()), self.start, self.ns
	s.alive.Store(k.id)
	s.id.Store(k.id)
	return taken, true, nil
}

// dead reports whether no process that lives has a keeper of this id. It may say false of a dead one, and true later.
func (r *Region) dead(id uint32) bool {
	slots := &r.header().slots
	for i := range slots {
		if s := &slots[i]; s.id.Load() == id && (r.mine(i) || r.locked(byteSlot+int64(i))) {
			return false
		}
	}
	return true
}

// buried reports whether each process that the kernel has begun to bury has ended with all of its threads. The kernel
// marks the words of a process when its keeper ends, and other threads may run for some microseconds more.
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
