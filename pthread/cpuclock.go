// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

var getcpuclockid = symbol("pthread_getcpuclockid")

// A CPUClock is the clockid_t of a clock that advances only while one thread runs. No wait of this package can use it.
type CPUClock struct {
	id   uintptr
	made bool // 0 is the number of another clock
}

// CPUClock returns the clock of the time that the thread has run, on any CPU. macOS lacks it.
//
//	pthread_getcpuclockid(t, &clock)
//
// ESRCH means that the thread has ended, on systems that can tell. On others [CPUClock.Now] returns an error.
func (t Thread) CPUClock() (CPUClock, error) {
	if err := t.usable(getcpuclockid); err != nil {
		return CPUClock{}, err
	}
	id, e := getcpuclockid.get(t.id)
	return CPUClock{uintptr(id), e == 0}, check(e)
}

// ID returns the clockid_t, for code in C.
func (c CPUClock) ID() int32 { return int32(c.id) }

// Now returns how long the thread has run, in user mode and in the kernel. Any thread of the process may call it.
// EINVAL means that the thread has ended.
//
//	clock_gettime(c, &now)
func (c CPUClock) Now() (Timespec, error) {
	if err := load(); err != nil {
		return Timespec{}, err
	}
	if !c.made {
		return Timespec{}, ErrNotMade
	}
	return gettime(c.id)
}
