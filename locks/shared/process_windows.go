// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"errors"
	"math/rand/v2"

	"golang.org/x/sys/windows"
)

// self is what tells this process from others: the time at which it began, in units of 100 ns, and a random number.
var self = func() (p struct{ start, ns uint64 }) {
	p.start, _ = began(windows.CurrentProcess())
	p.ns = rand.Uint64()
	return p
}()

// began returns the time at which a process began.
func began(h windows.Handle) (uint64, error) {
	var created, exited, kernel, user windows.Filetime
	err := windows.GetProcessTimes(h, &created, &exited, &kernel, &user)
	return uint64(created.HighDateTime)<<32 | uint64(created.LowDateTime), err
}

// open returns a handle to wait for the end of the process with. It is an error if there is no such process.
func (p process) open() (windows.Handle, error) {
	h, err := windows.OpenProcess(windows.SYNCHRONIZE|windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(p>>32))
	if err != nil {
		return 0, err
	}
	start, err := began(h)
	if err == nil && uint32(start) != uint32(p) {
		err = windows.ERROR_INVALID_PARAMETER // as of a number without a process
	}
	if err != nil {
		windows.CloseHandle(h)
		return 0, err
	}
	return h, nil
}

// lives reports whether the process lives. One that this process may not know of is taken to live.
func (p process) lives() bool {
	h, err := p.open()
	if err != nil {
		return !errors.Is(err, windows.ERROR_INVALID_PARAMETER)
	}
	defer windows.CloseHandle(h)
	ended, err := windows.WaitForSingleObject(h, 0)
	return err != nil || ended != windows.WAIT_OBJECT_0
}
