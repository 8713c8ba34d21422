// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"context"
	"errors"
	"math"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/cacheline"
	"github.com/osync-go/osync/locks/park"
)

// A limit ends a wait. It is a deadline, a context, or neither.
type limit struct {
	deadline time.Time
	ctx      context.Context
}

// local is the limit for a wait within the process.
func (l limit) local() park.Limit {
	switch {
	case l.ctx != nil:
		return park.Context(l.ctx)
	case !l.deadline.IsZero():
		return park.Until(l.deadline)
	}
	return park.Limit{}
}

// ended returns the error if the limit has been reached.
func (l limit) ended() error {
	switch {
	case l.ctx != nil:
		return park.Ended(l.ctx)
	case !l.deadline.IsZero() && time.Now().After(l.deadline):
		return os.ErrDeadlineExceeded
	}
	return nil
}

// reason returns the reason of an error of a wait within the process, whose message would mean nothing to users of this
// package.
func reason(err error) error {
	if gaveUp, ok := errors.AsType[*park.GiveUpError](err); ok {
		return gaveUp.Err
	}
	return err
}

// inTime converts the error of a wait to the results of a method with a time limit.
func inTime(err error) (ok bool, _ error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return false, nil
	}
	return err == nil, err
}

// lockedInTime is inTime for a lock, which is held with ErrOwnerDied, too.
func lockedInTime(err error) (locked bool, _ error) {
	if err == ErrOwnerDied {
		return true, err
	}
	return inTime(err)
}

// pause waits for something that usually takes some microseconds. It returns an error if the limit was reached.
func (l limit) pause() error {
	time.Sleep(20 * time.Microsecond)
	return l.ended()
}

// recheck is the maximum duration of a wait for a change of a shared word. After it, the waiter checks the word again.
// This is needed because the kernel does not mark words of processes that ended before a restart of the system, and
// because a process can be killed after it was woken, before it has done what others wait for.
const recheck = 100 * time.Millisecond

// directMost is how many goroutines of the process can wait for shared words in the kernel, with a thread each. The
// others wait in Go's scheduler for a sentry, which waits for the words of many.
const directMost = 4

var direct struct {
	_ cacheline.Pad
	n atomic.Int32
	_ cacheline.Pad
}

// await waits until the word may differ from old, for at most the time recheck. It returns an error if the limit was
// reached or the region is closed. It may have consumed a wake in that case; see passOn.
func await(word *atomic.Uint32, old uint32, l limit) error { return awaitOwner(word, old, 0, l) }

// awaitOwner is await, but also ends when the process whose id is owner ends, if the system can wait for both.
func awaitOwner(word *atomic.Uint32, old, owner uint32, l limit) error {
	if r := space.regionOf(uintptr(unsafe.Pointer(word))); r == nil || r.over() {
		return ErrClosed
	}
	if l.ctx == nil && direct.n.Add(1) <= directMost {
		defer direct.n.Add(-1)
		return awaitDirectly(word, old, owner, l)
	} else if l.ctx == nil {
		direct.n.Add(-1)
	}
	e := &entry{word: word, old: old, owner: owner, until: time.Now().Add(recheck)}
	s := enlist(e)
	err := park.WaitLimit(&e.done, 0, park.Exclusion, l.local())
	if err != nil {
		s.strike(e)
	}
	return reason(err)
}

// awaitDirectly is awaitOwner in the kernel, on the calling thread, with a limit that is not a
// context.
func awaitDirectly(word *atomic.Uint32, old, owner uint32, l limit) error {
	until := time.Now().Add(recheck)
	if !l.deadline.IsZero() && l.deadline.Before(until) {
		until = l.deadline
	}
	if err := sleep(word, old, owner, until); err != nil {
		return err
	}
	return l.ended()
}

// wakeAll wakes all sleepers on the word, in all processes.
func wakeAll(word *atomic.Uint32) { wake(word, math.MaxInt32) }

// An entry is a wait that a sentry does for a goroutine.
type entry struct {
	word  *atomic.Uint32
	old   uint32
	owner uint32 // of the word, or 0
	until time.Time
	woken bool          // set by the sleeper; read only by the sentry
	done  atomic.Uint32 // 1 once the word may have changed
}

// A sentry is a thread that waits for the words of up to sentryMost entries at once.
type sentry struct {
	mu      sync.Mutex
	entries []*entry
	sleeper sleeper
	asleep  bool // it does not see entries that are added now
}

// sentries has the sentries that have entries.
var sentries struct {
	mu   sync.Mutex // locked before that of a sentry
	list []*sentry
}

// enlist gives the entry to a sentry.
func enlist(e *entry) *sentry {
	sentries.mu.Lock()
	defer sentries.mu.Unlock()
	for _, s := range sentries.list {
		s.mu.Lock()
		if len(s.entries) < sentryMost {
			s.entries = append(s.entries, e)
			asleep := s.asleep
			s.asleep = false
			s.mu.Unlock()
			if asleep {
				s.sleeper.ring()
			}
			return s
		}
		s.mu.Unlock()
	}
	s := &sentry{entries: []*entry{e}}
	sentries.list = append(sentries.list, s)
	go s.stand()
	return s
}

// strike takes an entry off the list.
func (s *sentry) strike(e *entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.entries, e); i >= 0 {
		s.entries = slices.Delete(s.entries, i, i+1)
	}
}

// stand waits for the words of the entries, until there are none.
func (s *sentry) stand() {
	for {
		s.mu.Lock()
		if len(s.entries) == 0 {
			s.mu.Unlock()
			if s.dismiss() {
				s.sleeper.close()
				return
			}
			continue
		}
		until := s.entries[0].until
		for _, e := range s.entries {
			if e.until.Before(until) {
				until = e.until
			}
		}
		s.sleeper.prepare(s.entries)
		s.asleep = true
		s.mu.Unlock()
		s.sleeper.sleep(until)
		now := time.Now()
		s.mu.Lock()
		s.asleep = false
		// The kernel may report only one word, although wakes of others are consumed, too.
		s.entries = slices.DeleteFunc(s.entries, func(e *entry) bool {
			over := e.woken || now.After(e.until) || e.changed()
			if over {
				e.done.Store(1)
				park.WakeAll(&e.done)
			}
			return over
		})
		s.mu.Unlock()
	}
}

// changed reports whether the word may have changed. Its memory may be gone.
func (e *entry) changed() bool {
	var err error
	n := load(e.word, &err)
	return err != nil || n != e.old
}

func load(word *atomic.Uint32, err *error) uint32 {
	defer faulted(debug.SetPanicOnFault(true), err)
	return word.Load()
}

// dismiss removes the sentry from the list, unless it has got an entry.
func (s *sentry) dismiss() bool {
	sentries.mu.Lock()
	defer sentries.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.entries) > 0 {
		return false
	}
	sentries.list = slices.DeleteFunc(sentries.list, func(t *sentry) bool { return t == s })
	return true
}
