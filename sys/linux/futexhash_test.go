// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"math/bits"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// TestFutexHash runs in a process of its own, since the table belongs to the process. It provokes all
// errors except ENOMEM, for which it would ask for a table that some machine may have room for.
func TestFutexHash(t *testing.T) {
	const inside = "OSYNC_TEST_FUTEX_HASH"
	if os.Getenv(inside) == "" {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		if emulated() {
			t.Skip("an emulator cannot start itself")
		}
		cmd := exec.Command(self, "-test.run=^TestFutexHash$", "-test.v")
		cmd.Env = append(os.Environ(), inside+"=1")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		t.Logf("%s", out)
		return
	}

	slots, err := linux.PrctlFutexHashGetSlots()
	if err == syscall.EINVAL {
		want(t, "set, on an older kernel", linux.PrctlFutexHashSetSlots(16), syscall.EINVAL)
		t.Skip("this kernel is older than 6.16")
	}
	want(t, "get", err, nil)
	if slots < 0 || slots&(slots-1) != 0 {
		t.Errorf("got %d slots, want a power of two or 0", slots)
	}
	err = linux.PrctlFutexHashSetSlots(32)
	if err == syscall.EINVAL && slots == 0 {
		t.Skip("this kernel was built without tables for processes")
	}
	want(t, "set", err, nil)
	for _, n := range []uintptr{2, 1024, 8} {
		// A sleeping thread is found in the new table.
		word := new(atomic.Uint32)
		s := start(func() error { return linux.FutexWait(word, 0, nil, private) })
		awaitSleepers(t, word, private, 1)
		want(t, "set", linux.PrctlFutexHashSetSlots(n), nil)
		slots, err = linux.PrctlFutexHashGetSlots()
		wantCount(t, "get", slots, err, int(n))
		wake(t, word, 1)
		s.end(t, nil)
	}
	for _, n := range []uintptr{1, 3, 6, 1<<31 + 1} {
		want(t, "no power of two", linux.PrctlFutexHashSetSlots(n), syscall.EINVAL)
	}
	if bits.UintSize == 64 {
		high := uint64(1<<32 + 4)
		want(t, "more than 32 bits", linux.PrctlFutexHashSetSlots(uintptr(high)), nil)
		slots, err = linux.PrctlFutexHashGetSlots()
		wantCount(t, "get", slots, err, 4)
	}
	want(t, "the shared table", linux.PrctlFutexHashSetSlots(0), nil)
	slots, err = linux.PrctlFutexHashGetSlots()
	wantCount(t, "get", slots, err, 0)
	want(t, "no way back", linux.PrctlFutexHashSetSlots(16), syscall.EBUSY)
	if _, err := linux.FutexWake(new(atomic.Uint32), 1, private); err != nil {
		t.Errorf("wake: %v", err)
	}
}

func TestFutexHashMissing(t *testing.T) {
	skipFilters(t)
	onDyingThread(t, func() {
		if !deny(t, unix.SYS_PRCTL, syscall.ENOSYS) {
			return
		}
		want(t, "set", linux.PrctlFutexHashSetSlots(16), syscall.ENOSYS)
		_, err := linux.PrctlFutexHashGetSlots()
		want(t, "get", err, syscall.ENOSYS)
	})
}
