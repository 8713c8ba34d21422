// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"sync/atomic"
	"syscall"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

const (
	numa = private32 | linux.FUTEX2_NUMA
	mpol = private32 | linux.FUTEX2_MPOL
)

func skipWithoutNUMA(t *testing.T) {
	t.Helper()
	skipWithoutFutex2(t)
	if _, err := linux.Futex2Wake(&new(linux.FutexNUMA).Word, matchAny, 1, numa); err == syscall.EINVAL {
		t.Skip("FUTEX2_NUMA: this kernel is older than 6.16")
	}
}

// The kernel stores the node that it chose behind the word, and leaves a node that it was given
// unchanged.
func TestFutexNUMANode(t *testing.T) {
	skipWithoutNUMA(t)
	for _, flags := range []uint32{numa, numa | mpol, numa &^ private, numa&^private | mpol} {
		pair := new(linux.FutexNUMA)
		pair.Node.Store(linux.FUTEX_NO_NODE)
		_, err := linux.Futex2Wake(&pair.Word, matchAny, 1, flags)
		want(t, "wake", err, nil)
		node := pair.Node.Load()
		if node == linux.FUTEX_NO_NODE || pair.Word.Load() != 0 {
			t.Errorf("flags %#x: the pair is %d, %d, want 0 and a node", flags, pair.Word.Load(), int32(node))
		}
		_, err = linux.Futex2Wake(&pair.Word, matchAny, 1, flags)
		want(t, "wake again", err, nil)
		if got := pair.Node.Load(); got != node {
			t.Errorf("flags %#x: the node was %d, now it is %d", flags, node, got)
		}
	}
	_, err := linux.Futex2Wake(new(atomic.Uint32), matchAny, 1, mpol)
	want(t, "FUTEX2_MPOL alone", err, nil)
}

func TestFutexNUMAWait(t *testing.T) {
	skipWithoutNUMA(t)
	for _, flags := range []uint32{numa, numa | mpol, numa &^ private} {
		pair := new(linux.FutexNUMA)
		pair.Node.Store(linux.FUTEX_NO_NODE)
		s := start(func() error {
			return linux.Futex2Wait(&pair.Word, 0, matchAny, nil, unix.CLOCK_MONOTONIC, flags)
		})
		await(t, "a waiter", func() bool {
			n, err := linux.Futex2Wake(&pair.Word, matchAny, 1, flags)
			want(t, "wake", err, nil)
			return n == 1
		})
		s.end(t, nil)

		two := []linux.FutexWaiter{{Addr: new(atomic.Uint32), Flags: private32}, {Addr: &pair.Word, Flags: flags}}
		var index int
		s = start(func() (err error) {
			index, err = linux.FutexWaitv(two, nil, unix.CLOCK_MONOTONIC, 0)
			return err
		})
		await(t, "a waiter for both", func() bool {
			n, err := linux.Futex2Wake(&pair.Word, matchAny, 1, flags)
			want(t, "wake", err, nil)
			return n == 1
		})
		s.end(t, nil)
		if index != 1 {
			t.Errorf("woken by word %d, want 1", index)
		}
	}
}

func TestFutexNUMAErrors(t *testing.T) {
	skipWithoutNUMA(t)
	pair := new(linux.FutexNUMA)
	pair.Node.Store(1 << 20)
	_, err := linux.Futex2Wake(&pair.Word, matchAny, 1, numa)
	want(t, "a node that cannot be", err, syscall.EINVAL)
	_, err = linux.Futex2Wake(&pair.Node, matchAny, 1, numa)
	want(t, "a pair that is aligned to 4", err, syscall.EINVAL)
	_, err = linux.Futex2Wake(unreadable(t), matchAny, 1, numa)
	want(t, "a pair that cannot be read", err, syscall.EFAULT)

	page := mapped(t, unix.PROT_READ|unix.PROT_WRITE)
	pair = (*linux.FutexNUMA)(unsafe.Pointer(unsafe.SliceData(page)))
	pair.Node.Store(linux.FUTEX_NO_NODE)
	if err := unix.Mprotect(page, unix.PROT_READ); err != nil {
		t.Fatal(err)
	}
	_, err = linux.Futex2Wake(&pair.Word, matchAny, 1, numa)
	want(t, "a pair that cannot be written", err, syscall.EFAULT)
}
