// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"encoding/binary"
	"encoding/hex"
	"maps"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/windows"
)

// On Windows, threads of one process can sleep on a word, but not threads of several processes. So each sleeper on a
// word opens the semaphore of the word, whose name consists of the region's key and the word's offset, and closes it
// when it is awake. The first sleeper makes the semaphore, and it disappears with the last, even after a kill. If a
// waker finds no semaphore, there are no sleepers.
//
// A sleeper reads the word after it has opened the semaphore, and a waker changes the word before it looks for the
// semaphore. So no wake is missed. A wake that comes before the sleeper has begun to sleep stays in the semaphore.
// Another thread may take it, and wake spuriously; the intended sleeper then sleeps for at most the time recheck. The
// same happens if the waker is killed before it reaches the semaphore.
//
// The names are in the machine's namespace, as processes of several sessions may have the region open.

// nameLen is the length of a semaphore's name, with the zero at its end.
const nameLen = len(prefix) + 2*16 + 1 + 16 + 1

const prefix = `Global\osync-`

// semaphoreName returns the word's region and the name of its semaphore, or nil if the region is closed.
func semaphoreName(word *atomic.Uint32, buffer *[nameLen]uint16) (r *Region, name *uint16) {
	addr := uintptr(unsafe.Pointer(word))
	if r = space.regionOf(addr); r == nil {
		return nil, nil
	}
	var place [8]byte
	binary.BigEndian.PutUint64(place[:], uint64(addr-r.base))
	text := append(make([]byte, 0, nameLen), prefix...)
	text = hex.AppendEncode(text, r.keepers.key[:])
	text = hex.AppendEncode(append(text, '-'), place[:])
	for i, c := range text {
		buffer[i] = uint16(c)
	}
	return r, &buffer[0]
}

// openSemaphore opens the semaphore of a word to sleep.
func openSemaphore(word *atomic.Uint32) (windows.Handle, error) {
	var buffer [nameLen]uint16
	r, name := semaphoreName(word, &buffer)
	if r == nil {
		return 0, ErrClosed
	}
	sa, err := attributes(r.keepers.perm)
	if err != nil {
		return 0, err
	}
	h, err := windows.CreateSemaphoreEx(sa, 0, math.MaxInt32, name, 0, windows.SYNCHRONIZE|windows.SEMAPHORE_MODIFY_STATE)
	if h != 0 {
		return h, nil
	}
	return 0, err
}

// poll is how long a sleeper without a semaphore sleeps: the process may have run out of handles.
const poll = 2 * time.Millisecond

// sleep sleeps in the kernel until the word may differ from old, or its owner dies, or until a time.
func sleep(word *atomic.Uint32, old, owner uint32, until time.Time) error {
	s, err := openSemaphore(word)
	if err == ErrClosed {
		return err
	}
	if err != nil {
		time.Sleep(min(poll, time.Until(until)))
		return nil
	}
	defer windows.CloseHandle(s)
	if word.Load() != old {
		return nil
	}
	handles := make([]windows.Handle, 1, 2)
	handles[0] = s
	p := ownerOf(word, owner)
	if p != nil {
		handles = append(handles, p.handle)
	}
	windows.WaitForMultipleObjects(handles, false, windows.Milliseconds(max(0, time.Until(until))))
	runtime.KeepAlive(p)
	return nil
}

// ownerOf returns the process that has an id in the word's region, unless it is this process.
func ownerOf(word *atomic.Uint32, id uint32) (p *peer) {
	var err error // of memory that is gone
	defer faulted(debug.SetPanicOnFault(true), &err)
	if r := space.regionOf(uintptr(unsafe.Pointer(word))); r != nil && id != 0 {
		if s := r.header().slotOf(id); s != nil && s.pid != uint32(os.Getpid()) {
			p, _ = processOf(s.pid, s.start).peer()
		}
	}
	return p
}

// wake wakes n sleepers on the word, in all processes.
func wake(word *atomic.Uint32, n uint32) {
	var buffer [nameLen]uint16
	r, name := semaphoreName(word, &buffer)
	if r == nil {
		return
	}
	s, err := windows.OpenSemaphore(windows.SEMAPHORE_MODIFY_STATE, false, name)
	if err != nil {
		return
	}
	defer windows.CloseHandle(s)
	if n > 1 {
		// Each sleeper has a handle. Wakes in excess of the sleepers would wake later ones.
		var info windows.ObjectBasicInfo
		if _, err := windows.NtQueryObject(s, windows.ObjectBasicInformation, unsafe.Pointer(&info), uint32(unsafe.Sizeof(info))); err == nil {
			n = min(n, max(info.HandleCount, 2)-1)
		}
	}
	windows.ReleaseSemaphore(s, int32(min(n, sleepersMost)))
}

// sleepersMost bounds the wakes if the system does not report the number of sleepers.
const sleepersMost = 1 << 10

// storeAndWake stores a value and wakes n sleepers.
func storeAndWake(word *atomic.Uint32, value, n uint32) {
	word.Store(value)
	wake(word, n)
}

// A sleeper sleeps for the words of many entries at once, and for the deaths of their owners.
type sleeper struct {
	bell       windows.Handle            // an event, set when there are more entries
	semaphores map[*entry]windows.Handle // of the entries
	handles    []windows.Handle          // to wait for: the bell, semaphores, and processes
	waits      []ownedEntry              // of the semaphores in handles
	peers      []*peer                   // of the processes in handles
}

// An ownedEntry is an entry and the process that owns its word, or nil.
type ownedEntry struct {
	*entry
	owner *peer
}

// A wait for 64 handles has room for the bell, the words, and this many processes.
const (
	sentryMost = 40
	peersMost  = windows.MAXIMUM_WAIT_OBJECTS - 1 - sentryMost
)

// prepare records the words to sleep for. Once it has returned, ring ends the sleep.
func (s *sleeper) prepare(entries []*entry) {
	if s.bell == 0 {
		s.bell, _ = windows.CreateEvent(nil, false, false, nil)
		s.semaphores = map[*entry]windows.Handle{}
	}
	maps.DeleteFunc(s.semaphores, func(e *entry, h windows.Handle) bool {
		over := !slices.Contains(entries, e)
		if over {
			windows.CloseHandle(h)
		}
		return over
	})
	clear(s.peers)
	s.handles, s.waits, s.peers = append(s.handles[:0], s.bell), s.waits[:0], s.peers[:0]
	for _, e := range entries {
		h := s.semaphores[e]
		if h == 0 {
			var err error
			if h, err = openSemaphore(e.word); err != nil {
				continue
			}
			s.semaphores[e] = h
		}
		w := ownedEntry{e, ownerOf(e.word, e.owner)}
		s.handles, s.waits = append(s.handles, h), append(s.waits, w)
		if w.owner != nil && len(s.peers) < peersMost && !slices.Contains(s.peers, w.owner) {
			s.peers = append(s.peers, w.owner)
		}
	}
	for _, p := range s.peers {
		s.handles = append(s.handles, p.handle)
	}
}

// ring wakes the sleeper.
func (s *sleeper) ring() { windows.SetEvent(s.bell) }

// sleep sleeps until one of the words is woken or differs, or an owner dies, or until a time.
func (s *sleeper) sleep(until time.Time) {
	for _, w := range s.waits {
		if w.changed() {
			return
		}
	}
	d := max(0, time.Until(until))
	if len(s.waits) < len(s.semaphores) || s.bell == 0 {
		d = min(d, poll)
	}
	r, err := windows.WaitForMultipleObjects(s.handles, false, windows.Milliseconds(d))
	switch i := int(r) - 1; {
	case err != nil:
		time.Sleep(poll)
	case i >= 0 && i < len(s.waits):
		s.waits[i].woken = true
	case i >= len(s.waits) && i < len(s.waits)+len(s.peers):
		for _, w := range s.waits {
			w.woken = w.woken || w.owner == s.peers[i-len(s.waits)]
		}
	}
}

// close releases the resources of the sleeper.
func (s *sleeper) close() {
	s.prepare(nil)
	windows.CloseHandle(s.bell)
}
