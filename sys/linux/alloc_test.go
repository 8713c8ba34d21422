// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// The results go here, so that the compiler cannot avoid converting errors to interface
// values.
var (
	errSink   error
	countSink int
)

// A quickCall is a call that returns at once, in most cases with an error.
type quickCall struct {
	name string
	call func()
}

// quickCalls has every function of the package.
func quickCalls() []quickCall {
	word, word2, own := new(atomic.Uint32), new(atomic.Uint32), new(atomic.Uint32)
	own.Store(uint32(linux.Gettid()))
	vector := vector(2)
	vector[1].Val = 1 // so no thread sleeps
	pair := (*[2]linux.FutexWaiter)(vector)
	pending := new(uintptr)
	return []quickCall{
		{"FutexWait", func() { errSink = linux.FutexWait(word, 1, nil, private) }},
		{"FutexWait/timeout", func() { errSink = linux.FutexWait(word, 0, &linux.Timespec{}, private) }},
		{"FutexWaitBitset", func() { errSink = linux.FutexWaitBitset(word, 1, nil, matchAny, private) }},
		{"FutexWaitBitset/deadline", func() {
			errSink = linux.FutexWaitBitset(word, 0, &linux.Timespec{}, matchAny, private)
		}},
		{"FutexWaitBitsetHandingOn", func() { errSink = linux.FutexWaitBitsetHandingOn(word, 1, nil, matchAny, private) }},
		{"FutexWaitBitsetHandingOn/deadline", func() {
			errSink = linux.FutexWaitBitsetHandingOn(word, 0, &linux.Timespec{}, matchAny, private)
		}},
		{"FutexWake", func() { countSink, errSink = linux.FutexWake(word, 1, private) }},
		{"FutexWakeBitset", func() { countSink, errSink = linux.FutexWakeBitset(word, 1, matchAny, private) }},
		{"FutexRequeue", func() { countSink, errSink = linux.FutexRequeue(word, 1, 1, word2, private) }},
		{"FutexCmpRequeue", func() { countSink, errSink = linux.FutexCmpRequeue(word, 1, 1, word2, 1, private) }},
		{"FutexWakeOp", func() {
			countSink, errSink = linux.FutexWakeOp(word, 1, 1, word2, linux.FutexOp(0, 0, 0, 0), private)
		}},
		{"FutexLockPI", func() { errSink = linux.FutexLockPI(own, &linux.Timespec{}, private) }},
		{"FutexLockPI2", func() { errSink = linux.FutexLockPI2(own, &linux.Timespec{}, private) }},
		{"FutexLockPIHandingOn", func() { errSink = linux.FutexLockPIHandingOn(own, &linux.Timespec{}, private) }},
		{"FutexLockPI2HandingOn", func() { errSink = linux.FutexLockPI2HandingOn(own, &linux.Timespec{}, private) }},
		{"FutexTrylockPI", func() { errSink = linux.FutexTrylockPI(own, private) }},
		{"FutexUnlockPI", func() { errSink = linux.FutexUnlockPI(word, private) }},
		{"FutexUnlockWakeList", func() { countSink, errSink = linux.FutexUnlockWakeList(word, 1, pending, private) }},
		{"FutexUnlockBitsetList", func() {
			countSink, errSink = linux.FutexUnlockBitsetList(word, 1, pending, matchAny, private)
		}},
		{"FutexUnlockPIList", func() { errSink = linux.FutexUnlockPIList(word, pending, private) }},
		{"FutexWaitRequeuePI", func() { errSink = linux.FutexWaitRequeuePI(word, 1, nil, word2, private) }},
		{"FutexCmpRequeuePI", func() { countSink, errSink = linux.FutexCmpRequeuePI(word, 1, 1, word2, 1, private) }},
		{"FutexWaitv", func() { countSink, errSink = linux.FutexWaitv(vector, nil, unix.CLOCK_MONOTONIC, 0) }},
		{"Futex2Wait", func() { errSink = linux.Futex2Wait(word, 1, matchAny, nil, unix.CLOCK_MONOTONIC, private32) }},
		{"Futex2Wake", func() { countSink, errSink = linux.Futex2Wake(word, matchAny, 1, private32) }},
		{"Futex2Requeue", func() { countSink, errSink = linux.Futex2Requeue(pair, 1, 1, 0) }},
		{"ClockGettime", func() {
			var now linux.Timespec
			errSink = linux.ClockGettime(unix.CLOCK_MONOTONIC, &now)
		}},
		{"SetRobustList", func() { errSink = linux.SetRobustList(nil, 1) }},
		{"GetRobustList", func() { _, _, errSink = linux.GetRobustList(0) }},
		{"Membarrier", func() { countSink, errSink = linux.Membarrier(linux.MEMBARRIER_CMD_QUERY, 0, 0) }},
		{"SchedSetattr", func() { errSink = linux.SchedSetattr(0, nil, 0) }},
		{"SchedGetattr", func() {
			var attr linux.SchedAttr
			errSink = linux.SchedGetattr(0, &attr, uint32(unsafe.Sizeof(attr)), 0)
		}},
		{"SchedYield", linux.SchedYield},
		{"SchedSetaffinity", func() { errSink = linux.SchedSetaffinity(0, make([]uintptr, 64)) }},
		{"SchedGetaffinity", func() { countSink, errSink = linux.SchedGetaffinity(0, make([]uintptr, 64)) }},
		{"PrctlSetTimerslack", func() { errSink = linux.PrctlSetTimerslack(0) }},
		{"PrctlGetTimerslack", func() { _, errSink = linux.PrctlGetTimerslack() }},
		{"PrctlFutexHashSetSlots", func() { errSink = linux.PrctlFutexHashSetSlots(3) }}, // not a power of two
		{"PrctlFutexHashGetSlots", func() { countSink, errSink = linux.PrctlFutexHashGetSlots() }},
		{"Rseq", func() { errSink = linux.Rseq(nil, 0, 0, linux.RSEQ_FLAG_UNREGISTER) }},
		{"Gettid", func() { countSink = linux.Gettid() }},
	}
}

func TestNoCallAllocates(t *testing.T) {
	self(t)
	for _, c := range quickCalls() {
		if n := allocs.PerRun(t, 100, c.call); n != 0 {
			t.Errorf("%s: %v allocations", c.name, n)
		}
	}
}
