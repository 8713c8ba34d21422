// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"runtime"
	"strconv"
)

// A platform holds the types and constants of a system's headers. The test TestHeaders compares this file with the
// headers.
type platform struct {
	Sizes
	clocks    [2]int32 // by Clock
	types     [5]int32 // by MutexType
	protocols [3]int32 // by Protocol
	kinds     [3]int32 // by RWLockKind
	policies  [3]int32 // by SchedPolicy
	pshared   [2]int32 // PTHREAD_PROCESS_PRIVATE, PTHREAD_PROCESS_SHARED
	mtx       [3]int32 // mtx_plain, mtx_timed, mtx_recursive
	thrd      [5]int32 // thrd_success, thrd_busy, thrd_error, thrd_nomem, thrd_timedout
	serial    int32    // PTHREAD_BARRIER_SERIAL_THREAD
	ownerDead errno
	unrecover errno
	onceInit  uint64 // the first word of PTHREAD_ONCE_INIT; the others are 0
}

// none is the value of a constant that a system lacks.
const none = -1

// Sizes are the sizes of the system's types, in bytes; 0 means that the system lacks the type. On Linux they are
// glibc's; no type of musl is larger. Align is the alignment that each type needs.
type Sizes struct {
	Mutex, Cond, RWLock, Barrier, Spin, Once uintptr
	Sem, Mtx, Cnd                            uintptr
	Align                                    uintptr
}

// SizeOf returns the sizes of the types, for callers that place objects in memory of their own. All are 0 where osync
// has no binding.
func SizeOf() Sizes { return system.Sizes }

// objectSize is the size of the memory for an object of this package, attrSize that for an attribute object: more than
// the largest of any system.
const objectSize, attrSize = 256, 64

var system = platforms[runtime.GOOS+"/"+runtime.GOARCH]

var platforms = map[string]platform{
	"linux/amd64":   linux(Sizes{40, 48, 56, 32, 4, 4, 32, 40, 48, 8}),
	"linux/386":     linux(Sizes{24, 48, 32, 20, 4, 4, 16, 24, 48, 4}),
	"linux/arm64":   linux(Sizes{48, 48, 56, 32, 4, 4, 32, 48, 48, 8}),
	"linux/arm":     linux(Sizes{24, 48, 32, 20, 4, 4, 16, 24, 48, 8}),
	"linux/loong64": linux(Sizes{40, 48, 56, 32, 4, 4, 32, 40, 48, 8}),
	"linux/ppc64le": linux(Sizes{40, 48, 56, 32, 4, 4, 32, 40, 48, 8}),
	"linux/riscv64": linux(Sizes{40, 48, 56, 32, 4, 4, 32, 40, 48, 8}),
	"linux/s390x":   linux(Sizes{40, 48, 56, 32, 4, 4, 32, 40, 48, 8}),
	"darwin/amd64":  darwin,
	"darwin/arm64":  darwin,
	"freebsd/amd64": freebsd,
	"freebsd/arm64": freebsd,
	"netbsd/amd64":  netbsd(Sizes{48, 40, 64, 48, 12, 56, 8, 48, 40, 8}),
	"netbsd/arm64":  netbsd(Sizes{40, 40, 64, 48, 12, 48, 8, 40, 40, 8}),
}

// linux returns what glibc and musl have in common, on each of Go's processors that uses the common error numbers.
func linux(sizes Sizes) platform {
	return platform{
		Sizes:     sizes,
		clocks:    [2]int32{0, 1},
		types:     [5]int32{0, 0, 2, 1, 3},
		protocols: [3]int32{0, 1, 2},
		kinds:     [3]int32{0, 1, 2},
		policies:  [3]int32{0, 1, 2},
		pshared:   [2]int32{0, 1},
		mtx:       [3]int32{0, 2, 1},
		thrd:      [5]int32{0, 1, 2, 3, 4},
		serial:    -1,
		ownerDead: 130,
		unrecover: 131,
	}
}

var darwin = platform{
	Sizes:     Sizes{64, 48, 200, 0, 0, 16, 4, 0, 0, 8},
	clocks:    [2]int32{0, 6},
	types:     [5]int32{0, 0, 1, 2, none},
	protocols: [3]int32{0, 1, 2},
	kinds:     [3]int32{none, none, none},
	policies:  [3]int32{1, 4, 2},
	pshared:   [2]int32{2, 1},
	mtx:       [3]int32{none, none, none},
	thrd:      [5]int32{none, none, none, none, none},
	serial:    none,
	ownerDead: 105,
	unrecover: 104,
	onceInit:  0x30B1BCBA,
}

var freebsd = platform{
	Sizes:     Sizes{8, 8, 8, 8, 8, 16, 16, 8, 8, 8},
	clocks:    [2]int32{0, 4},
	types:     [5]int32{1, 3, 1, 2, 4},
	protocols: [3]int32{0, 1, 2},
	kinds:     [3]int32{none, none, none},
	policies:  [3]int32{2, 1, 3},
	pshared:   [2]int32{0, 1},
	mtx:       [3]int32{1, 4, 2},
	thrd:      [5]int32{4, 1, 2, 3, 5},
	serial:    -1,
	ownerDead: 96,
	unrecover: 95,
}

// netbsd returns what its processors have in common. The sizes differ by the padding of simple locks on amd64 (NetBSD,
// lib/libpthread/pthread_types.h 1.27, sys/arch/amd64/include/types.h 1.71).
func netbsd(sizes Sizes) platform {
	return platform{
		Sizes:     sizes,
		clocks:    [2]int32{0, 3},
		types:     [5]int32{0, 0, 1, 2, none},
		protocols: [3]int32{0, 1, 2},
		kinds:     [3]int32{none, none, none},
		policies:  [3]int32{0, 1, 2},
		pshared:   [2]int32{0, 1},
		mtx:       [3]int32{1, 4, 2},
		thrd:      [5]int32{0, 1, 2, 3, -1},
		serial:    1234567,
		ownerDead: 97,
		unrecover: 98,
		onceInit:  0x33330003,
	}
}

// Errors that only robust mutexes have: those of package syscall, where it has them.
var (
	// EOWNERDEAD means that the thread that held the mutex has ended, or its process has. The caller holds the mutex
	// now; see [Mutex.Consistent].
	EOWNERDEAD = system.ownerDead

	// ENOTRECOVERABLE means that an owner died, and the next one unlocked the mutex without making it consistent: it
	// can never be locked again.
	ENOTRECOVERABLE = system.unrecover
)

// value returns the system's number for the constant with index i, of those in table.
func value(table []int32, i int, what string) (uintptr, error) {
	switch {
	case i < 0 || i >= len(table):
		return 0, EINVAL
	case table[i] == none:
		return 0, unsupported(what)
	}
	return uintptr(table[i]), nil
}

// index returns the constant that the system's number v stands for, looking at those from
// first on; -1 if there is none.
func index(table []int32, first int, v int32) int {
	for i := first; i < len(table); i++ {
		if table[i] == v && v != none {
			return i
		}
	}
	return -1
}

// nameOf returns the name with index i.
func nameOf(i int, names ...string) string {
	if i < 0 || i >= len(names) {
		return strconv.Itoa(i)
	}
	return names[i]
}
