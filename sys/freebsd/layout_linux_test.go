// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package freebsd_test

import (
	"testing"

	"github.com/osync-go/osync/internal/layout"
)

// TestConstants compares the numbers with the headers: sys/sys/umtx.h, rtprio.h, priority.h and cpuset.h of FreeBSD 15.
func TestConstants(t *testing.T) {
	want := map[string]int64{
		"UMTX_OP_WAIT": 2, "UMTX_OP_WAKE": 3, "UMTX_OP_MUTEX_TRYLOCK": 4, "UMTX_OP_MUTEX_LOCK": 5,
		"UMTX_OP_MUTEX_UNLOCK": 6, "UMTX_OP_SET_CEILING": 7, "UMTX_OP_CV_WAIT": 8, "UMTX_OP_CV_SIGNAL": 9,
		"UMTX_OP_CV_BROADCAST": 10, "UMTX_OP_WAIT_UINT": 11, "UMTX_OP_RW_RDLOCK": 12, "UMTX_OP_RW_WRLOCK": 13,
		"UMTX_OP_RW_UNLOCK": 14, "UMTX_OP_WAIT_UINT_PRIVATE": 15, "UMTX_OP_WAKE_PRIVATE": 16,
		"UMTX_OP_MUTEX_WAIT": 17, "UMTX_OP_MUTEX_WAKE": 18, "UMTX_OP_SEM_WAIT": 19, "UMTX_OP_SEM_WAKE": 20,
		"UMTX_OP_NWAKE_PRIVATE": 21, "UMTX_OP_MUTEX_WAKE2": 22, "UMTX_OP_SEM2_WAIT": 23, "UMTX_OP_SEM2_WAKE": 24,
		"UMTX_OP_SHM": 25, "UMTX_OP_ROBUST_LISTS": 26, "UMTX_OP_GET_MIN_TIMEOUT": 27, "UMTX_OP_SET_MIN_TIMEOUT": 28,

		"UMTX_ABSTIME": 1, "USYNC_PROCESS_SHARED": 1,
		"UMUTEX_PRIO_INHERIT": 4, "UMUTEX_PRIO_PROTECT": 8, "UMUTEX_ROBUST": 0x10, "UMUTEX_NONCONSISTENT": 0x20,
		"UMUTEX_UNOWNED": 0, "UMUTEX_CONTESTED": 1 << 31, "UMUTEX_RB_OWNERDEAD": 1<<31 + 0x10, "UMUTEX_RB_NOTRECOV": 1<<31 + 0x11,
		"CVWAIT_CHECK_UNPARKING": 1, "CVWAIT_ABSTIME": 2, "CVWAIT_CLOCKID": 4,
		"URWLOCK_PREFER_READER": 2, "URWLOCK_WRITE_OWNER": 1 << 31, "URWLOCK_WRITE_WAITERS": 1 << 30,
		"URWLOCK_READ_WAITERS": 1 << 29, "URWLOCK_MAX_READERS": 1<<29 - 1,
		"USEM_HAS_WAITERS": 1 << 31, "USEM_MAX_COUNT": 1<<31 - 1,
		"UMTX_SHM_CREAT": 1, "UMTX_SHM_LOOKUP": 2, "UMTX_SHM_DESTROY": 4, "UMTX_SHM_ALIVE": 8,

		"RTP_LOOKUP": 0, "RTP_SET": 1, "RTP_PRIO_MIN": 0, "RTP_PRIO_MAX": 31,
		"RTP_PRIO_REALTIME": 2, "RTP_PRIO_NORMAL": 3, "RTP_PRIO_IDLE": 4, "RTP_PRIO_FIFO": 8 | 2,

		"CPU_LEVEL_ROOT": 1, "CPU_LEVEL_CPUSET": 2, "CPU_LEVEL_WHICH": 3,
		"CPU_WHICH_TID": 1, "CPU_WHICH_PID": 2, "CPU_WHICH_CPUSET": 3, "CPU_WHICH_IRQ": 4, "CPU_WHICH_JAIL": 5,
	}
	p := layout.Load(t, ".", "freebsd", "amd64")
	for name, n := range want {
		p.Want(name, n)
	}
	for _, name := range p.Constants() {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is not compared with a header", name)
		}
	}
}

// TestLayouts compares the structs with sys/sys/_umtx.h, _timespec.h and rtprio.h, as C lays them out on each processor.
func TestLayouts(t *testing.T) {
	for goarch, c := range map[string]struct{ pointer, sec, timespec int64 }{
		"386":     {4, 4, 8},
		"arm":     {4, 8, 16}, // a time_t of 64 bits, aligned to 8 bytes
		"amd64":   {8, 8, 16},
		"arm64":   {8, 8, 16},
		"riscv64": {8, 8, 16},
	} {
		p := layout.Load(t, ".", "freebsd", goarch)
		for name, want := range map[string]int64{
			"Timespec":      c.timespec,
			"Timespec.Sec":  0,
			"Timespec.Nsec": c.sec,

			"UmtxTime":         c.timespec + 8,
			"UmtxTime.Timeout": 0,
			"UmtxTime.Flags":   c.timespec,
			"UmtxTime.ClockID": c.timespec + 4,

			"Umutex":          32, // __offsetof(m_spare[0]) + 8: the same on each processor, so that 32-bit programs share mutexes with others
			"Umutex.Owner":    0,
			"Umutex.Flags":    4,
			"Umutex.Ceilings": 8,
			"Umutex.RbLnk":    16,

			"Ucond":            16,
			"Ucond.HasWaiters": 0,
			"Ucond.Flags":      4,
			"Ucond.ClockID":    8,

			"Urwlock":                32,
			"Urwlock.State":          0,
			"Urwlock.Flags":          4,
			"Urwlock.BlockedReaders": 8,
			"Urwlock.BlockedWriters": 12,

			"Usem2":       8,
			"Usem2.Count": 0,
			"Usem2.Flags": 4,

			"UmtxRobustListsParams":                      3 * c.pointer,
			"UmtxRobustListsParams.RobustListOffset":     0,
			"UmtxRobustListsParams.RobustPrivListOffset": c.pointer,
			"UmtxRobustListsParams.RobustInactOffset":    2 * c.pointer,

			"Rtprio":      4,
			"Rtprio.Type": 0,
			"Rtprio.Prio": 2,
		} {
			p.Want(name, want)
		}
	}
}
