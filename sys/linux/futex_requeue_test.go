// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/osync-go/osync/sys/linux"
)

// A requeue is one of the three calls that wake some threads and move others.
type requeue struct {
	name string
	// compares: it compares val
	compares bool
	call     func(addr *atomic.Uint32, nrWake, nrRequeue uint32, addr2 *atomic.Uint32, val, flags uint32) (int, error)
}

var requeues = []requeue{
	{"FutexRequeue", false, func(addr *atomic.Uint32, nrWake, nrRequeue uint32, addr2 *atomic.Uint32, _, flags uint32) (int, error) {
		return linux.FutexRequeue(addr, nrWake, nrRequeue, addr2, flags)
	}},
	{"FutexCmpRequeue", true, linux.FutexCmpRequeue},
	{"Futex2Requeue", true, func(addr *atomic.Uint32, nrWake, nrRequeue uint32, addr2 *atomic.Uint32, val, flags uint32) (int, error) {
		return linux.Futex2Requeue(&[2]linux.FutexWaiter{
			{Val: uint64(val), Addr: addr, Flags: linux.FUTEX2_SIZE_U32 | flags},
			{Val: 99, Addr: addr2, Flags: linux.FUTEX2_SIZE_U32 | flags},
		}, int32(nrWake), int32(nrRequeue), 0)
	}},
}

func eachRequeue(t *testing.T, f func(t *testing.T, r requeue)) {
	skipRequeue(t)
	for _, r := range requeues {
		t.Run(r.name, func(t *testing.T) {
			word := new(atomic.Uint32)
			_, err := r.call(word, 0, 0, word, 0, private)
			skipMissing(t, err)
			f(t, r)
		})
	}
}

func TestRequeueCounts(t *testing.T) {
	eachRequeue(t, func(t *testing.T, r requeue) {
		from, to := new(atomic.Uint32), new(atomic.Uint32)
		from.Store(7)
		var sleepers []*sleeper
		for range 4 {
			sleepers = append(sleepers, start(func() error { return linux.FutexWait(from, 7, nil, private) }))
		}
		awaitSleepers(t, from, private, 4)

		n, err := r.call(from, 1, 2, to, 7, private)
		wantCount(t, "wake 1, move 2", n, err, 3)
		if at, moved := waiters(t, from, private), waiters(t, to, private); at != 1 || moved != 2 {
			t.Errorf("then %d and %d wait, want 1 and 2", at, moved)
		}
		n, err = r.call(from, 0, 0, to, 7, private)
		wantCount(t, "wake 0, move 0", n, err, 0)

		n, err = linux.FutexWake(to, everyone, private)
		wantCount(t, "wake of the moved", n, err, 2)
		n, err = linux.FutexWake(from, everyone, private)
		wantCount(t, "wake of the rest", n, err, 1)
		for _, s := range sleepers {
			s.end(t, nil)
		}
	})
}

func TestRequeueErrors(t *testing.T) {
	eachRequeue(t, func(t *testing.T, r requeue) {
		for _, c := range []struct {
			name              string
			addr, addr2       *atomic.Uint32
			nrWake, nrRequeue uint32
			val, flags        uint32
			err               error
		}{
			{"misaligned word", misaligned(), new(atomic.Uint32), 1, 1, 0, private, syscall.EINVAL},
			{"misaligned second word", new(atomic.Uint32), misaligned(), 1, 1, 0, private, syscall.EINVAL},
			{"negative wake count", new(atomic.Uint32), new(atomic.Uint32), 1 << 31, 1, 0, private, syscall.EINVAL},
			{"negative requeue count", new(atomic.Uint32), new(atomic.Uint32), 1, 1 << 31, 0, private, syscall.EINVAL},
			{"unmapped word", unreadable(t), new(atomic.Uint32), 1, 1, 0, 0, syscall.EFAULT},
			{"unmapped second word", new(atomic.Uint32), unreadable(t), 1, 1, 0, 0, syscall.EFAULT},
		} {
			_, err := r.call(c.addr, c.nrWake, c.nrRequeue, c.addr2, c.val, c.flags)
			want(t, c.name, err, c.err)
		}
		if r.compares {
			_, err := r.call(new(atomic.Uint32), 1, 1, new(atomic.Uint32), 1, private)
			want(t, "other value", err, syscall.EAGAIN)
			_, err = r.call(unreadable(t), 1, 1, new(atomic.Uint32), 0, private)
			want(t, "unmapped private word", err, syscall.EFAULT)
		}
		if r.name == "Futex2Requeue" {
			return // its flags have their own table
		}
		for _, flags := range []uint32{noSuchFlag, realtime} {
			_, err := r.call(new(atomic.Uint32), 1, 1, new(atomic.Uint32), 0, flags)
			want(t, "other flag", err, syscall.ENOSYS)
		}
	})
}

// Each function of moveToLocal moves the sleeper on from to a local variable, makes the stack grow, and so move, and
// wakes the sleeper there. The calls are direct, since the arguments of a function value are on the heap.
var moveToLocal = map[string]func(from *atomic.Uint32) (woken int, err error){
	"FutexRequeue": func(from *atomic.Uint32) (int, error) {
		var to atomic.Uint32
		if _, err := linux.FutexRequeue(from, 0, 1, &to, private); err != nil {
			return 0, err
		}
		grow(1000)
		return linux.FutexWake(&to, 1, private)
	},
	"FutexCmpRequeue": func(from *atomic.Uint32) (int, error) {
		var to atomic.Uint32
		if _, err := linux.FutexCmpRequeue(from, 0, 1, &to, 0, private); err != nil {
			return 0, err
		}
		grow(1000)
		return linux.FutexWake(&to, 1, private)
	},
	"Futex2Requeue": func(from *atomic.Uint32) (int, error) {
		var to atomic.Uint32
		words := [2]linux.FutexWaiter{{Addr: from, Flags: private32}, {Addr: &to, Flags: private32}}
		if _, err := linux.Futex2Requeue(&words, 0, 1, 0); err != nil {
			return 0, err
		}
		grow(1000)
		return linux.FutexWake(&to, 1, private)
	},
}

// grow uses n kilobytes of stack.
//
//go:noinline
func grow(n int) byte {
	var frame [1024]byte
	if n > 0 {
		frame[n%len(frame)] = grow(n - 1)
	}
	return frame[n%len(frame)]
}

// TestRequeueToLocal wakes a thread that was moved to a variable of a function whose stack has moved since.
func TestRequeueToLocal(t *testing.T) {
	eachRequeue(t, func(t *testing.T, r requeue) {
		from, limit := new(atomic.Uint32), &linux.Timespec{Sec: 10} // so that the thread does not stay if the test fails
		s := start(func() error { return linux.FutexWait(from, 0, limit, private) })
		awaitSleepers(t, from, private, 1)
		n, err := moveToLocal[r.name](from)
		wantCount(t, "wake of the moved", n, err, 1)
		s.end(t, nil)
	})
}
