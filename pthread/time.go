// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"math"
	"time"
)

// A Clock is a clock that deadlines refer to.
type Clock int

// The clocks. Realtime is the wall clock, which can be set; deadlines use it unless documented
// otherwise. Monotonic cannot be set; whether it stops while the machine sleeps depends on the
// system.
const (
	ClockRealtime Clock = iota
	ClockMonotonic
)

var clockGettime = timedSymbol("clock_gettime").returning(setsErrno)

// A Timespec is a moment on a clock: seconds and nanoseconds since its beginning, which is 1970
// for [ClockRealtime] and unknown for [ClockMonotonic]. The functions return EINVAL for one whose
// nanoseconds are not from 0 to 999,999,999, most of them only if they have to wait.
type Timespec struct {
	Sec, Nsec int64
}

// Add returns the moment d after t, or the last representable moment.
func (t Timespec) Add(d time.Duration) Timespec {
	const second = int64(time.Second)
	nsec := t.Nsec%second + int64(d)%second // from -1,999,999,998 to 1,999,999,998
	carry := t.Nsec/second + int64(d)/second + nsec/second
	if nsec %= second; nsec < 0 {
		nsec += second
		carry--
	}
	if t.Sec > 0 && carry > math.MaxInt64-t.Sec {
		return Timespec{math.MaxInt64, second - 1}
	}
	return Timespec{t.Sec + carry, nsec}
}

// Unix returns t as a moment on [ClockRealtime].
func Unix(t time.Time) Timespec { return Timespec{t.Unix(), int64(t.Nanosecond())} }

// Now returns the time of the clock.
//
//	clock_gettime(c, &now)
func (c Clock) Now() (Timespec, error) {
	id, err := c.id()
	if err != nil {
		return Timespec{}, err
	}
	return gettime(id)
}

// gettime returns the time of the clock with the system's number id.
func gettime(id uintptr) (Timespec, error) {
	if err := clockGettime.missing(); err != nil {
		return Timespec{}, err
	}
	fr := newFrame()
	defer fr.free()
	fr.args = [4]uintptr{id, fr.buffer()}
	if e := fr.do(clockGettime); e != 0 {
		return Timespec{}, e
	}
	return fr.toTime(clockGettime.narrow), nil
}

// After returns the moment d from now on the clock: a deadline.
func (c Clock) After(d time.Duration) (Timespec, error) {
	now, err := c.Now()
	if err != nil {
		return Timespec{}, err
	}
	return now.Add(d), nil
}

// String returns the name of the clock.
func (c Clock) String() string { return nameOf(int(c), "CLOCK_REALTIME", "CLOCK_MONOTONIC") }

// id returns the system's number of the clock.
func (c Clock) id() (uintptr, error) {
	if err := load(); err != nil {
		return 0, err
	}
	if c < 0 || int(c) >= len(system.clocks) {
		return 0, EINVAL
	}
	return uintptr(system.clocks[c]), nil
}
