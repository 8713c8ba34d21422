// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"fmt"
	"math"
	"runtime/debug"
	"strings"
	"time"
	"unsafe"
)

// An Owner describes a process that holds a lock, at some instant during the call that returned it.
//
// The process is identified by a record that it left in the region when it opened the region, and by a sign of life
// that ends with the process. So it is not confused with a later process that has the same number.
type Owner struct {
	// PID is the number of the process, or 0 if it is unknown: the Linux kernel removes an owner that dies from the
	// word of the lock.
	PID int

	// Foreign says that the process is in another pid namespace, such as that of a container. PID is its number there.
	Foreign bool

	// Alive says that the process is alive. The next goroutine that locks a lock whose owner is dead gets it with
	// [ErrOwnerDied].
	Alive bool

	// Stopped says that the process is alive and stopped, for example by SIGSTOP or a debugger. It holds the lock
	// until it is continued or killed. Stopped is false if this is unknown: for a foreign process, on Windows, and
	// if /proc is not mounted or does not show the process.
	Stopped bool

	// Started is the time at which the process started, by this system's clock, or zero if it is
	// unknown.
	Started time.Time

	// Since is a time since when the process has held the lock, or zero if that is unknown. The process may have held
	// it for longer: locking a free lock does not read the clock, so the first process that waits for the lock, or the
	// first call of Owner, records the time. Readers have no Since.
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

// Owner returns the process that holds m, and reports whether there is one. A process that died while it held m counts
// as the holder until another one locks m. Owner does not block, and works for a lock that is not recoverable. The
// error is ErrClosed or ErrTruncated.
//
// The result may be out of date when Owner returns, so use it for messages, not for decisions.
func (m *Mutex) Owner() (o Owner, held bool, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	r, err := enter(unsafe.Pointer(m))
	if err != nil {
		return o, false, err
	}
	defer r.exit()
	if m.word.Load()&ownerMask != 0 {
		m.stamp()
	}
	o, held, err = m.owned.describe()
	if ns := m.since.Load(); held && ns > 0 {
		o.Since = time.Unix(0, ns)
	}
	return o, held, err
}

// Owner returns the process that holds rw for writing, or that waits for the readers to leave before it does.
// Otherwise it is like [Mutex.Owner].
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

// stamp records a time since when m has been held. The values of since are
//
//	0  not noted
//	t  the owner has m since the time t, in nanoseconds since 1970, or longer
//
//	0 → t  any process that waits for m, or asks for its owner
//	t → 0  an owner that has just locked m: settle; or the one that wrote t, if it was slow
//
// A process that is stopped after it has read the clock and before the store would record a time at which another owner
// had m. It detects that and starts over, unless it is killed. A process that is always that slow leaves the time to
// others.
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

// stampSlow is the maximum error of since.
const stampSlow = time.Millisecond

// describeTries is how often describe starts over if the owner changes meanwhile.
const describeTries = 10

// describe returns the process that owns the word.
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
			// The owner of a slot writes its id last. If the id is the same before and after, the other fields are of
			// one process.
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
