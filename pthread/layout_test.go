// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread_test

import (
	"testing"
	"unsafe"

	"github.com/osync-go/osync/pthread"
)

// The declarations of NetBSD's headers (lib/libpthread/pthread_types.h 1.27), with the fields of C's types. A
// __cpu_simple_lock_t is a byte; amd64 pads two of them (sys/arch/amd64/include/types.h 1.71, __CPU_SIMPLE_LOCK_PAD) and
// arm64 does not (sys/arch/aarch64/include/types.h 1.21).
type (
	netbsdQueue       struct{ First, Last uintptr }
	netbsdMutexPadded struct {
		Magic          uint32
		Errorcheck     uint8
		Pad1           [3]uint8
		Ceiling        uint8
		Pad2           [3]uint8
		Owner, Waiters uintptr
		Recursed       uint32
		Spare2         uintptr
	}
	netbsdMutex struct {
		Magic               uint32
		Errorcheck, Ceiling uint8
		Owner, Waiters      uintptr
		Recursed            uint32
		Spare2              uintptr
	}
	netbsdCond struct {
		Magic                          uint32
		Lock                           uint8
		Waiters, Spare, Mutex, Private uintptr
	}
	netbsdRWLock struct {
		Magic              uint32
		Interlock          uint8
		Rblocked, Wblocked netbsdQueue
		Readers            uint32
		Owner, Private     uintptr
	}
	netbsdBarrier struct {
		Magic                           uint32
		Lock                            uint8
		Waiters                         netbsdQueue
		Initcount, Curcount, Generation uint32
		Private                         uintptr
	}
	netbsdSpin struct {
		Magic uint32
		Spin  uint8
		Flags int32
	}
	netbsdOncePadded struct {
		Mutex netbsdMutexPadded
		Done  int32
	}
	netbsdOnce struct {
		Mutex netbsdMutex
		Done  int32
	}
)

// A freebsdSem is FreeBSD's struct _sem (include/semaphore.h), with its struct _usem2 (sys/_umtx.h).
type freebsdSem struct {
	Magic        uint32
	Count, Flags uint32
	Padding      uint32
}

// TestLayouts compares the table with the layouts of systems whose headers are not installed.
func TestLayouts(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) != 8 {
		t.Skip("the systems have 64 bits")
	}
	type sizes map[string]uintptr
	const mutex, once = "sizeof(pthread_mutex_t)", "sizeof(pthread_once_t)"
	both := sizes{
		"sizeof(pthread_cond_t)":     unsafe.Sizeof(netbsdCond{}),
		"sizeof(pthread_rwlock_t)":   unsafe.Sizeof(netbsdRWLock{}),
		"sizeof(pthread_barrier_t)":  unsafe.Sizeof(netbsdBarrier{}),
		"sizeof(pthread_spinlock_t)": unsafe.Sizeof(netbsdSpin{}),
		"sizeof(sem_t)":              unsafe.Sizeof(uintptr(0)),
		"sizeof(cnd_t)":              unsafe.Sizeof(netbsdCond{}),
	}
	for _, c := range []struct {
		platform string
		want     sizes
	}{
		{"netbsd/amd64", both},
		{"netbsd/amd64", sizes{mutex: unsafe.Sizeof(netbsdMutexPadded{}), once: unsafe.Sizeof(netbsdOncePadded{}), "sizeof(mtx_t)": unsafe.Sizeof(netbsdMutexPadded{})}},
		{"netbsd/arm64", both},
		{"netbsd/arm64", sizes{mutex: unsafe.Sizeof(netbsdMutex{}), once: unsafe.Sizeof(netbsdOnce{}), "sizeof(mtx_t)": unsafe.Sizeof(netbsdMutex{})}},
		{"freebsd/amd64", sizes{"sizeof(sem_t)": unsafe.Sizeof(freebsdSem{})}},
		{"freebsd/arm64", sizes{"sizeof(sem_t)": unsafe.Sizeof(freebsdSem{})}},
	} {
		table := pthread.PlatformOf(c.platform)
		for name, want := range c.want {
			if got := table[name]; got != int64(want) {
				t.Errorf("%s: %s is %d in the table, want %d", c.platform, name, got, want)
			}
		}
		object, _, align := pthread.Room(c.platform)
		if object < unsafe.Sizeof(netbsdRWLock{}) || align != 8 {
			t.Errorf("%s: the room is %d bytes, aligned to %d", c.platform, object, align)
		}
	}
}
