// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"fmt"
	"math"
	"runtime/debug"
	"strings"
	"time"
)

// An Owner is what is known of a process that holds a lock, at some instant of the call that returned it.
//
// It says which process holds the lock by what the process has left in the region when it opened that, and by a sign of
// life that ends with the process. So a process that got the number of one that has died is not taken for it.
type Owner struct {
	// PID is the number of the process, or 0 if it is unknown: the kernel of Linux removes the owner from the word of
	// a lock when that dies.
	PID int

	// Foreign says that the process lives in another pid namespace, as one in a container does. PID is its number there.
	Foreign bool

	// Alive says that the process lives. A lock whose owner is dead goes to the next that comes, with [ErrOwnerDied].
	Alive bool

	// Stopped says that the process lives and is stopped, as by SIGSTOP or a debugger. It holds the lock until it is
	// continued or killed. Stopped is false where this is unknown: for a foreign process, on Windows, and where
	// /proc is not mounted or does not show the process.
	Stopped bool

	// Started is when the process began, on this system's clock, or zero if that is unknown.
	Started time.Time

	// Since is a time from which on the process has held the lock, or zero if that is unknown. It is a lower bound: to take
	// a free lock costs no look at the clock, so a process that begins to wait for the lock notes
	// the time, unless one has done so before, and so does Owner. Readers have none.
	Since time.Time
}

// String describes the owner for a message, such as
//
//	process 4711 (alive, started 12:03:04), held for at least 3m0s
func (o Owner) String() string {
	var b strings.Builder
	var about []string
	switch {
	case o.PID == 0:
		b.WriteString("a process")
	case o.Foreign:
		fmt.Fprintf(&b, "process %d of another pid namespace", o.PID)
	default:
		fmt.Fprintf(&b, "process %d", o.PID)
	}
	switch {
	case !o.Alive:
		about = append(about, "dead")
	case o.Stopped:
		about = append(about, "stopped")
	default:
		about = append(about, "alive")
	}
	now := time.Now()
	if t := o.Started; !t.IsZero() {
		format := time.TimeOnly
		if t.Local().Format(time.DateOnly) != now.Format(time.DateOnly) {
			format = time.DateTime
		}
		about = append(about, "started "+t.Local().Format(format))
	}
	fmt.Fprintf(&b, " (%s)", strings.Join(about, ", "))
	if d := now.Sub(o.Since); !o.Since.IsZero() && d >= 0 {
		unit := time.Second
		if d < time.Second {
			unit = time.Millisecond
		}
		fmt.Fprintf(&b, ", held for at least %v", d.Truncate(unit))
	}
	return b.String()
}

// Owner returns which process holds m, and reports whether one does. A process that died while it held m does so until
// another one locks m. Owner does not block, and works for a lock that is not recoverable. The error is ErrClosed or
// ErrTruncated.
//
// What it returns may not be so any more when it returns: use it for messages, not for decisions.
func (m *Mutex) Owner() (o Owner, held bool, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if m.word.Load()&ownerMask != 0 {
		m.stamp()
	}
	o, held, err = m.owned.describe()
	if ns := m.since.Load(); held && ns > 0 {
		o.Since = time.Unix(0, ns)
	}
	return o, held, err
}

// Owner returns which process holds rw for writing, or waits for readers to leave before it does. It is otherwise as
// [Mutex.Owner].
func (rw *RWMutex) Owner() (o Owner, held bool, err error) { return rw.w.Owner() }

// Readers returns the processes that hold rw for reading, in no order. The goroutines of a process count as one. The
// error is ErrClosed or ErrTruncated.
func (rw *RWMutex) Readers() (readers []Owner, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	for i := range rw.entries {
		if o, held, err := rw.entries[i].describe(); err != nil {
			return nil, err
		} else if held && o.Alive {
			readers = append(readers, o)
		}
	}
	return readers, nil
}

// stamp notes for how long m is held at least. since holds
//
//	0  not noted
//	t  the owner has m since the time t, in nanoseconds since 1970, or longer
//
//	0 → t  any process that waits for m, or asks for its owner
//	t → 0  an owner that has just locked m: settle; or the one that wrote t, if it was slow
//
// A process that is stopped between its look at the clock and the store would note a time at which another owner had m.
// It finds out, and begins anew, unless it is killed. One that is always that slow leaves the time to others.
func (m *Mutex) stamp() {
	for range 3 {
		if m.since.Load() != 0 {
			return
		}
		t := time.Now()
		if ns := t.UnixNano(); m.since.CompareAndSwap(0, ns) && time.Since(t) > stampSlow {
			m.since.CompareAndSwap(ns, 0)
		}
	}
}

// stampSlow is by how much since may be wrong.
const stampSlow = time.Millisecond

// describeTries is how often describe begins anew when the owner changes meanwhile.
const describeTries = 10

// describe returns which process owns the word.
func (o *owned) describe() (d Owner, held bool, err error) {
	r := o.region()
	if r == nil {
		return d, false, ErrClosed
	}
	for try := 0; ; try++ {
		s := o.word.Load()
		id := s & ownerMask
		if id == 0 {
			return d, s&died != 0, nil
		}
		d = Owner{Alive: !r.dead(id)}
		if s := r.header().slotOf(id); s != nil {
			// The owner of a slot writes its id last. If that is the same before and after, what is read is of one process.
			pid, start, ns := s.pid, s.start, s.ns
			if s.id.Load() == id {
				d.PID, d.Started = int(pid&math.MaxInt32), startTime(start)
				d.Foreign, d.Stopped = state(pid, start, ns)
				d.Stopped = d.Stopped && d.Alive
			}
		}
		if o.word.Load()&ownerMask == id || try == describeTries {
			return d, true, nil
		}
	}
}
