// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"errors"
	"maps"
	"math/rand/v2"
	"runtime"
	"sync"

	xwindows "golang.org/x/sys/windows"

	"github.com/osync-go/osync/sys/windows"
)

// self identifies this process: the time at which it started, in units of 100 ns, and a random number.
var self = sync.OnceValue(func() (p struct{ start, ns uint64 }) {
	p.start, _ = began(xwindows.CurrentProcess())
	p.ns = rand.Uint64()
	return p
})

// began returns the time at which a process started.
func began(h windows.Handle) (uint64, error) {
	var created, exited, kernel, user xwindows.Filetime
	err := xwindows.GetProcessTimes(h, &created, &exited, &kernel, &user)
	return uint64(created.HighDateTime)<<32 | uint64(created.LowDateTime), err
}

// A peer is another process, with a handle that is kept open: as long as there is a handle, no other process
// gets the number.
type peer struct{ handle windows.Handle }

var peers struct {
	mu sync.Mutex
	of map[process]*peer // those that have been seen alive
}

// peer returns the process's handle. It returns an error if there is no such process, or if this process has no access
// to it.
func (p process) peer() (*peer, error) {
	peers.mu.Lock()
	defer peers.mu.Unlock()
	if q := peers.of[p]; q != nil {
		return q, nil
	}
	h, err := xwindows.OpenProcess(windows.SYNCHRONIZE|xwindows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(p>>32))
	if err != nil {
		return nil, err
	}
	q := &peer{h}
	runtime.AddCleanup(q, func(h windows.Handle) { windows.CloseHandle(h) }, h)
	start, err := began(h)
	if err == nil && uint32(start) != uint32(p) {
		err = xwindows.ERROR_INVALID_PARAMETER // as for a number without a process
	}
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(peers.of, func(_ process, q *peer) bool { return q.ended() })
	if peers.of == nil {
		peers.of = map[process]*peer{}
	}
	peers.of[p] = q
	return q, nil
}

// ended reports whether the process has ended, with all of its threads.
func (q *peer) ended() bool {
	defer runtime.KeepAlive(q)
	r, err := windows.WaitForSingleObject(q.handle, 0)
	return err == nil && r == windows.WAIT_OBJECT_0
}

// lives reports whether the process is alive. A process to which this process has no access, such as another user's,
// counts as alive.
func (p process) lives() bool {
	q, err := p.peer()
	if err != nil {
		return !errors.Is(err, xwindows.ERROR_INVALID_PARAMETER)
	}
	return !q.ended()
}
