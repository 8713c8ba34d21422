// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

const (
	areaSize = uint32(unsafe.Sizeof(linux.RseqArea{}))
	areaSig  = 0x53053053
)

func newRseqArea(t testing.TB) *linux.RseqArea {
	t.Helper()
	return (*linux.RseqArea)(unsafe.Pointer(unsafe.SliceData(mapped(t, unix.PROT_READ|unix.PROT_WRITE))))
}

// onRseqThread calls f on a thread that has registered area, and ends. Nothing is registered if the
// C library has an area of its own on every thread, as in programs that use cgo.
func onRseqThread(t testing.TB, area *linux.RseqArea, f func()) {
	t.Helper()
	skipMissing(t, withoutArea())
	onDyingThread(t, func() {
		switch err := linux.Rseq(area, areaSize, areaSig, 0); err {
		case nil:
			f()
			want(t, "unregister", linux.Rseq(area, areaSize, areaSig, linux.RSEQ_FLAG_UNREGISTER), nil)
		case syscall.EINVAL:
			t.Log("not tried: the C library has registered an area on this thread")
		default:
			t.Errorf("register: %v", err)
		}
	})
}

// withoutArea returns ENOSYS if the system has no rseq, and nil if it has.
func withoutArea() error {
	if err := linux.Rseq(nil, areaSize, areaSig, linux.RSEQ_FLAG_UNREGISTER); err != syscall.EINVAL {
		return err
	}
	return nil
}

// TestRseq reads from the area what the kernel has given the thread.
func TestRseq(t *testing.T) {
	const none = 0xfedcba
	area := newRseqArea(t)
	onRseqThread(t, area, func() {
		before := affinity(t, 0)
		for i, word := range before {
			for b := range 8 * wordSize {
				if word>>b&1 == 0 {
					continue
				}
				cpu := i*8*wordSize + b
				want(t, "set affinity", linux.SchedSetaffinity(0, onlyCPU(cpu)), nil)
				if got, start := area.CPUID.Load(), area.CPUIDStart.Load(); got != uint32(cpu) || start != got {
					t.Errorf("on CPU %d the area says %d, %d", cpu, start, got)
				}
			}
		}
		want(t, "set affinity back", linux.SchedSetaffinity(0, before), nil)

		// The runtime sends this thread signals, and preempts it.
		for range 20 {
			runtime.GC()
		}
		if got := area.CPUID.Load(); got >= 1<<20 || area.CS.Load() != 0 {
			t.Errorf("after some collections the area says CPU %d, critical section %#x", got, area.CS.Load())
		}
	})
	if area.CPUID.Load() != linux.RSEQ_CPU_ID_UNINITIALIZED && area.CPUID.Load() != 0 {
		t.Errorf("after all the CPU is %d, want uninitialized", area.CPUID.Load())
	}

	area = newRseqArea(t)
	area.NodeID.Store(none)
	area.MMCID.Store(none)
	onRseqThread(t, area, func() {
		runtime.Gosched()
		if area.NodeID.Load() == none {
			t.Log("this kernel is older than 6.3")
			return
		}
		if node, id := area.NodeID.Load(), area.MMCID.Load(); node > 1<<16 || id > 1<<16 {
			t.Errorf("the node is %d and the id %d", node, id)
		}
	})
}

// TestRseqErrors leaves out an area that cannot be written: the kernel would end the process before
// it could return EFAULT.
func TestRseqErrors(t *testing.T) {
	skipMissing(t, withoutArea())
	page := newRseqArea(t)
	const unregister = linux.RSEQ_FLAG_UNREGISTER
	want(t, "unregister nothing", linux.Rseq(page, areaSize, areaSig, unregister), syscall.EINVAL)
	want(t, "another flag", linux.Rseq(page, areaSize, areaSig, 1<<30), syscall.EINVAL)
	want(t, "another flag beside", linux.Rseq(page, areaSize, areaSig, unregister|1<<30), syscall.EINVAL)
	want(t, "too short", linux.Rseq(page, areaSize-1, areaSig, 0), syscall.EINVAL)
	odd := (*linux.RseqArea)(unsafe.Add(unsafe.Pointer(page), 16))
	want(t, "misaligned", linux.Rseq(odd, areaSize, areaSig, 0), syscall.EINVAL)

	onRseqThread(t, page, func() {
		other := (*linux.RseqArea)(unsafe.Add(unsafe.Pointer(page), 64))
		want(t, "again", linux.Rseq(page, areaSize, areaSig, 0), syscall.EBUSY)
		want(t, "another area", linux.Rseq(other, areaSize, areaSig, 0), syscall.EINVAL)
		want(t, "another sig", linux.Rseq(page, areaSize, areaSig+1, 0), syscall.EPERM)
		want(t, "unregister with another sig", linux.Rseq(page, areaSize, areaSig+1, unregister), syscall.EPERM)
		want(t, "unregister another area", linux.Rseq(other, areaSize, areaSig, unregister), syscall.EINVAL)
		want(t, "unregister another length", linux.Rseq(page, 2*areaSize, areaSig, unregister), syscall.EINVAL)

		// Only 64-bit kernels have addresses that no program has, and only some report them.
		if runtime.GOARCH == "amd64" {
			want(t, "unregister", linux.Rseq(page, areaSize, areaSig, unregister), nil)
			top := ^uintptr(63)
			kernel := *(**linux.RseqArea)(unsafe.Pointer(&top))
			want(t, "an address of the kernel", linux.Rseq(kernel, areaSize, areaSig, 0), syscall.EFAULT)
			want(t, "register", linux.Rseq(page, areaSize, areaSig, 0), nil)
		}
	})
}

// A pinned goroutine reads where its thread runs, from memory that Go does not manage.
func ExampleRseq() {
	page, err := unix.Mmap(-1, 0, unix.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		panic(err)
	}
	area := (*linux.RseqArea)(unsafe.Pointer(unsafe.SliceData(page)))
	const sig = 1 // any number
	size := uint32(unsafe.Sizeof(*area))

	runtime.LockOSThread()
	switch err := linux.Rseq(area, size, sig, 0); err {
	case nil:
		cpu := area.CPUID.Load() // and with Linux 6.3 area.MMCID
		fmt.Println(cpu < linux.RSEQ_CPU_ID_REGISTRATION_FAILED)
		if err := linux.Rseq(area, size, sig, linux.RSEQ_FLAG_UNREGISTER); err != nil {
			panic(err)
		}
	case syscall.EINVAL, syscall.ENOSYS: // the C library has an area on each thread; or an older kernel
		fmt.Println(true)
	default:
		panic(err)
	}
	runtime.UnlockOSThread()
	if err := unix.Munmap(page); err != nil {
		panic(err)
	}
	// Output: true
}
